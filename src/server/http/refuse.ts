import { type ConnectionsErrorCode, ERROR_CODES } from '../../schema/error-codes.js';
import { type Answer, toJsonAnswer } from './answer.js';
import type { AskedRequest } from './asked-request.js';
import { recordOf } from '../operations/operation-record.js';

interface RefusalOptions {
  /** @default the fixed message of the code */
  readonly message?: string;
  readonly headers?: Record<string, string>;
  /** When it may be tried again: in the extensions, and in whole seconds as `retry-after`. */
  readonly retryAfterMs?: number;
}

/** Answers a request that does not come to be executed, in the form of a GraphQL answer. */
export function refuse(
  request: AskedRequest,
  status: number,
  code: ConnectionsErrorCode | 'BAD_REQUEST',
  { message, headers = {}, retryAfterMs }: RefusalOptions = {},
): Answer {
  const facts = code === 'BAD_REQUEST' ? { message: 'The request is malformed.', retryable: false } : ERROR_CODES[code];
  const extensions = {
    code,
    retryable: facts.retryable,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    requestId: recordOf(request).requestId,
  };
  const retryAfter = retryAfterMs !== undefined && { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) };
  const body = { errors: [{ message: message ?? facts.message, extensions }] };
  return toJsonAnswer(body, { status, headers: { ...headers, ...retryAfter } });
}
