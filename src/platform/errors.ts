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

/** Reports that the time of a lookup is over, or that no caller waits for it any more. */
export function tooLate(): PlatformError {
  return new PlatformError('PLATFORM_TIMEOUT', 'The Platform API did not answer in time.');
}

/** Classifies a failure of the transport. Its own error is dropped: it knows the credentials and the body. */
export function toTransportError(error: unknown): PlatformError {
  if (error instanceof PlatformError) return error;
  // ofetch wraps whatever its fetch rejects with.
  if (error instanceof Error && error.cause instanceof PlatformError) return error.cause;
  const reason = findErrorCode(error);
  return reason !== undefined && BROKEN_CONTRACT.test(reason)
    ? new PlatformError('PLATFORM_BAD_RESPONSE', "The Platform API's response is not well-formed HTTP.", { reason })
    : new PlatformError('PLATFORM_UNAVAILABLE', 'The connection to the Platform API failed.', { reason });
}

/** Codes of zlib and of the HTTP parser for bytes that they cannot read. fetch reports them like a broken connection. */
const BROKEN_CONTRACT = /^(?:Z_|ZSTD_|ERR__|ERR_BROTLI_|HPE_(?!INVALID_EOF_STATE)|UND_ERR_HEADERS_OVERFLOW)/;

/** Finds the code of the system, of TLS or of zlib, which fetch puts somewhere down the causes of its own error. */
function findErrorCode(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 5) return undefined;
  const code: unknown = Reflect.get(error, 'code');
  // One upper-case word: nothing else can be told from a message, which may quote anything.
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,63}$/.test(code) ? code : findErrorCode(error.cause, depth + 1);
}
