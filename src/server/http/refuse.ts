import { type ConnectionsErrorCode, ERROR_CODES } from '../../schema/error-codes.js';
import { recordOf } from '../operations/operation-record.js';

interface RefusalOptions {
  /** @default the fixed message of the code */
  readonly message?: string;
  readonly headers?: Record<string, string>;
  readonly retryAfterMs?: number;
}

/** Answers a request that does not come to be executed, in the form of a GraphQL answer. */
export function refuse(
  request: Request,
  status: number,
  code: ConnectionsErrorCode | 'BAD_REQUEST',
  { message, headers = {}, retryAfterMs }: RefusalOptions = {},
): Response {
  const facts = code === 'BAD_REQUEST' ? { message: 'The request is malformed.', retryable: false } : ERROR_CODES[code];
  const extensions = {
    code,
    retryable: facts.retryable,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    requestId: recordOf(request).requestId,
  };
  return Response.json({ errors: [{ message: message ?? facts.message, extensions }] }, { status, headers });
}
