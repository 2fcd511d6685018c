const PLATFORM_ERROR_CODES = [
  'PLATFORM_UNAVAILABLE',
  'PLATFORM_TIMEOUT',
  'PLATFORM_RATE_LIMITED',
  'PLATFORM_AUTH_FAILED',
  'PLATFORM_BAD_RESPONSE',
  'OVERLOADED',
] as const;

/**
 * The cause of a failed lookup. GraphQL callers receive the same codes.
 *
 * - `PLATFORM_UNAVAILABLE`: no connection, a broken one, 408, 5xx, or an open breaker
 * - `PLATFORM_TIMEOUT`: no complete response in time, or the caller left
 * - `PLATFORM_RATE_LIMITED`: 429
 * - `PLATFORM_AUTH_FAILED`: 401 or 403, because our key is wrong
 * - `PLATFORM_BAD_RESPONSE`: a redirect, another status, malformed HTTP, an HTML page, or a body that breaks the contract
 * - `OVERLOADED`: not sent, because the queue for a socket is full
 */
export type PlatformErrorCode = (typeof PLATFORM_ERROR_CODES)[number];

interface PlatformErrorDetails {
  readonly status?: number | undefined;
  /** The code of the underlying cause, such as `ECONNREFUSED` or `BREAKER_OPEN`, if known. */
  readonly reason?: string | undefined;
  /** Milliseconds until the next attempt: from `Retry-After` of a 429, 408 or 5xx, or until the breaker's next probe. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * A failed lookup. Of the request and response, it holds only the status, the cause's code, and `Retry-After`. The
 * transport's error holds the URL, the Basic credentials, and the body, so it is never kept, not even as `cause`.
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

/** Returns whether an error is a {@link PlatformError}, of this or another copy of the package. */
export function isPlatformError(error: unknown): error is PlatformError {
  if (!(error instanceof Error) || error.name !== 'PlatformError') return false;
  const code: unknown = Reflect.get(error, 'code');
  return PLATFORM_ERROR_CODES.some((known) => known === code);
}

/** Describes the cause of a failure in a few words, for a log. */
export function describeCause({ status, reason, code }: PlatformError): string {
  if (status !== undefined) return `HTTP ${status}`;
  return code === 'PLATFORM_TIMEOUT' ? 'timeout' : (reason ?? 'broken connection');
}

/** Creates the error of a lookup that ran out of time or that no caller waits for. */
export function tooLate(): PlatformError {
  return new PlatformError('PLATFORM_TIMEOUT', 'The Platform API did not respond in time.');
}

/** Classifies a transport error, and drops the original, which holds the credentials and the body. */
export function toTransportError(error: unknown): PlatformError {
  if (isPlatformError(error)) return error;
  // ofetch wraps the errors of its fetch.
  if (error instanceof Error && isPlatformError(error.cause)) return error.cause;
  const reason = findReason(error);
  return reason !== undefined && BROKEN_CONTRACT.test(reason)
    ? new PlatformError('PLATFORM_BAD_RESPONSE', "The Platform API's response is not well-formed HTTP.", { reason })
    : new PlatformError('PLATFORM_UNAVAILABLE', 'The connection to the Platform API failed.', { reason });
}

/** Codes of zlib and the HTTP parser for malformed data, which fetch reports like a broken connection. */
const BROKEN_CONTRACT =
  /^(?:Z_|ZSTD_|ERR__|ERR_BROTLI_|HPE_(?!INVALID_EOF_STATE)|UND_ERR_HEADERS_OVERFLOW|MALFORMED_HTTP)/;

/** Finds the code of the system, TLS, or zlib, which fetch nests in the causes of its own error. */
function findReason(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 5) return undefined;
  const code: unknown = Reflect.get(error, 'code');
  // Only one upper-case word: any other text could be a message, which may quote secrets.
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,63}$/.test(code)) return code;
  // undici 7 leaves the code of its parser's errors undefined.
  return error.name === 'HTTPParserError' ? 'MALFORMED_HTTP' : findReason(error.cause, depth + 1);
}
