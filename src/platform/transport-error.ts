import { PlatformError } from './errors.js';

/** Names a failure of the transport, whose own error is dropped: it knows the credentials and the body. */
export function toTransportError(error: unknown): PlatformError {
  if (error instanceof PlatformError) return error;
  // ofetch wraps whatever its fetch rejects with.
  if (error instanceof Error && error.cause instanceof PlatformError) return error.cause;
  const reason = findErrorCode(error);
  return reason !== undefined && BROKEN_CONTRACT.test(reason)
    ? new PlatformError('PLATFORM_BAD_RESPONSE', "The Platform API's answer is not well-formed HTTP.", { reason })
    : new PlatformError('PLATFORM_UNAVAILABLE', 'The connection to the Platform API failed.', { reason });
}

/** Complaints of zlib and of the HTTP parser about the bytes. fetch reports them as it reports a connection that broke. */
const BROKEN_CONTRACT = /^(?:Z_|ZSTD_|ERR__|ERR_BROTLI_|HPE_(?!INVALID_EOF_STATE)|UND_ERR_HEADERS_OVERFLOW)/;

/** Finds the code of the system, of TLS or of zlib, which fetch puts somewhere down the causes of its own error. */
function findErrorCode(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 5) return undefined;
  const code: unknown = Reflect.get(error, 'code');
  // One upper-case word: nothing else can be told from a message, which may quote anything.
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,63}$/.test(code) ? code : findErrorCode(error.cause, depth + 1);
}
