const PLATFORM_ERROR_CODES = [
  'PLATFORM_UNAVAILABLE',
  'PLATFORM_TIMEOUT',
  'PLATFORM_RATE_LIMITED',
  'PLATFORM_AUTH_FAILED',
  'PLATFORM_BAD_RESPONSE',
  'OVERLOADED',
] as const;

/**
 * Says how a lookup failed. The same words reach GraphQL callers.
 *
 * - `PLATFORM_UNAVAILABLE`: no connection, a broken one, 408 or 5xx
 * - `PLATFORM_TIMEOUT`: no whole answer in time, or the caller went away
 * - `PLATFORM_RATE_LIMITED`: 429
 * - `PLATFORM_AUTH_FAILED`: 401 or 403, our key is wrong
 * - `PLATFORM_BAD_RESPONSE`: a redirect, another status, or a body that breaks the contract
 * - `OVERLOADED`: not asked, since too many requests already wait for a socket
 */
export type PlatformErrorCode = (typeof PLATFORM_ERROR_CODES)[number];

interface PlatformErrorDetails {
  /** The HTTP status, where one was received. */
  readonly status?: number | undefined;
  /** The system's word for a connection that failed, such as `ECONNREFUSED`, where it has one. */
  readonly reason?: string | undefined;
  /** How long to wait before the next attempt, in milliseconds: as the platform asked, or until the breaker's next probe. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * Reports a failed lookup by its code.
 *
 * Holds nothing of the request or the response but the status and the system's word for the cause: the transport's error knows the URL, the Basic
 * credentials and the body, so it is never kept, not even as `cause`.
 */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly code: PlatformErrorCode;
  readonly status: number | undefined;
  readonly reason: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: PlatformErrorCode, message: string, details: PlatformErrorDetails = {}) {
    super(message);
    this.code = code;
    this.status = details.status;
    this.reason = details.reason;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** Tells whether an error is a {@link PlatformError}, also one of another copy of this package. */
export function isPlatformError(error: unknown): error is PlatformError {
  if (!(error instanceof Error) || error.name !== 'PlatformError') return false;
  const code: unknown = Reflect.get(error, 'code');
  return PLATFORM_ERROR_CODES.some((known) => known === code);
}

/** Says that somebody's time is over, or that nobody waits any more. */
export function tooLate(): PlatformError {
  return new PlatformError('PLATFORM_TIMEOUT', 'The Platform API did not answer in time.');
}
