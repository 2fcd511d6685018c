import type { AnswerError, ConnectionAnswer } from './connection-answer.js';
import { isTemporary, toFailure } from './gateway-answer.js';

type RepairLink = NonNullable<ConnectionAnswer['repairLink']>;

/** Reports that a connection has no usable token until a person opens a page. */
export class ConnectionNeedsRepair extends Error {
  override readonly name = 'ConnectionNeedsRepair';
  readonly state: ConnectionAnswer['state'];
  /** The page to open. Holds no secret. */
  readonly url: string;
  /** The action there: `SET_UP`, `FINISH`, or `REPAIR`. */
  readonly action: RepairLink['action'];
  readonly reason: RepairLink['reason'];

  constructor(state: ConnectionAnswer['state'], { url, action, reason }: RepairLink) {
    super(`No usable access token (${reason}): a person must open ${url}`);
    this.state = state;
    this.url = url;
    this.action = action;
    this.reason = reason;
  }
}

/** Reports that the gateway could not be reached, could not read a connection, or withheld its token. */
export class ConnectionUnavailable extends Error {
  override readonly name = 'ConnectionUnavailable';
  /**
   * The gateway's error code, such as `PLATFORM_TIMEOUT` or `FORBIDDEN`, or a {@link GatewayErrorCode} if the gateway sent
   * no response. Null if the response has no code.
   */
  readonly code: string | null;
  /** Whether a retry can help. */
  readonly retryable: boolean;
  /** Milliseconds to wait before a retry, if the gateway names them. */
  readonly retryAfterMs: number | undefined;
  /** Identifies the request in the gateway's log. */
  readonly requestId: string | undefined;

  constructor(error: AnswerError | undefined) {
    const { code, retryable, retryAfterMs, requestId } = error?.extensions ?? {};
    super(error?.message ?? 'The response has neither a connection nor an error that explains why.');
    this.code = typeof code === 'string' ? code : null;
    this.retryable = retryable === true;
    this.retryAfterMs = typeof retryAfterMs === 'number' ? retryAfterMs : undefined;
    this.requestId = typeof requestId === 'string' ? requestId : undefined;
  }
}

/**
 * Returns the errors of the response that the error of another GraphQL client holds, as `requireAccessToken`,
 * `withFreshToken` and `listConnections` use them. The result has neither the data nor the request of that error.
 *
 * @param error the error that the client has thrown or returned. If it holds no errors of a response, the result has one
 *   error with a {@link GatewayErrorCode}. If it is undefined or null, the result is empty.
 * @example
 * const { data, error } = await urql.query(ConnectionsDocument, { keys });
 * const connections = listConnections(keys, { data, errors: toAnswerErrors(error) });
 */
export function toAnswerErrors(error: unknown): readonly AnswerError[] {
  if (error === undefined || error === null) return [];
  const found = findAnswerErrors(error).filter((item) => item !== null && item !== undefined);
  if (found.length > 0) return found;
  const { statusCode, response } = error as { readonly statusCode?: unknown; readonly response?: { status?: unknown } };
  const status = statusCode ?? response?.status;
  const isBad = typeof status === 'number' && !isTemporary(status);
  return toFailure(isBad ? 'GATEWAY_BAD_RESPONSE' : 'GATEWAY_UNAVAILABLE').errors;
}

/**
 * Returns whether a retry can help: every error of the response must be retryable. Accepts one error, a list of errors,
 * or an exception that holds them (as `errors`, `graphQLErrors`, or `response.errors`). Anything else is not retryable.
 */
export function isRetryable(error: unknown): boolean {
  const errors = findAnswerErrors(error);
  return errors.length > 0 && errors.every((item) => item?.extensions?.['retryable'] === true);
}

function findAnswerErrors(error: unknown): readonly (AnswerError | null | undefined)[] {
  if (error instanceof ConnectionUnavailable) {
    const { message, code, retryable, retryAfterMs, requestId } = error;
    return [{ message, extensions: { code, retryable, retryAfterMs, requestId } }];
  }
  if (Array.isArray(error)) return error as (AnswerError | null)[];
  if (typeof error !== 'object' || error === null) return [];
  const { extensions, errors, graphQLErrors, response } = error as {
    readonly extensions?: unknown;
    readonly errors?: unknown;
    readonly graphQLErrors?: unknown;
    readonly response?: { readonly errors?: unknown };
  };
  const inside = [errors, graphQLErrors, response?.errors].find((list) => Array.isArray(list) && list.length > 0);
  if (inside) return inside as AnswerError[];
  return extensions ? [error as AnswerError] : [];
}
