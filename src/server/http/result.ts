import type { ExecutionResult } from 'graphql';

import type { Answer } from './answers.js';
import { type ResponseKind, toContentType } from './negotiation.js';

/** Codes of documents that are refused because of their size: 400 whatever the client accepts. */
const LIMIT_CODES: ReadonlySet<unknown> = new Set(['LIMIT_EXCEEDED']);

/** Creates the answer for the result of an operation, with the status that GraphQL over HTTP asks for. */
export function toResultAnswer(result: ExecutionResult, kind: ResponseKind): Answer {
  return {
    status: toStatus(result, kind),
    headers: { 'content-type': toContentType(kind) },
    body: JSON.stringify(result),
  };
}

/** An operation that was not executed has no `data`: 400, but 200 for a client that accepts application/json alone. */
function toStatus({ data, errors = [] }: ExecutionResult, kind: ResponseKind): number {
  if (data !== undefined) return 200;
  return kind === 'json' && !errors.some(({ extensions }) => LIMIT_CODES.has(extensions['code'])) ? 200 : 400;
}
