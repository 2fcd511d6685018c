import { setMaxListeners } from 'node:events';

import { PlatformError } from './errors.js';

/** What setTimeout can wait at most, in milliseconds: about 24.8 days. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs an exchange with the platform until it ends, the time is over or the caller goes away.
 *
 * Every error is taken for one of the transport and replaced by one of ours, so nothing but the exchange belongs in it.
 * The end does not depend on the transport's heeding its signal. The signals are linked by hand: on Node 20
 * `AbortSignal.any` keeps what it made for as long as its sources live.
 */
export async function withinTime<T>(
  timeoutMs: number,
  caller: AbortSignal | undefined,
  exchange: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (caller?.aborted) throw tooLate();
  const controller = new AbortController();
  const abort = () => controller.abort();
  // The first to listen, so that the transport's own word for it comes too late to be the answer.
  const aborted = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => reject(tooLate()), { once: true });
  });
  // It may come after the exchange has ended, when nobody waits for it any more.
  aborted.catch(() => undefined);
  const timer = setTimeout(abort, timeoutMs);
  try {
    // Every lookup of an operation listens to the signal of its request: more than the ten that Node warns about.
    if (caller instanceof EventTarget) setMaxListeners(0, caller);
    caller?.addEventListener('abort', abort, { once: true });
    return await Promise.race([aborted, exchange(controller.signal)]);
  } catch (error) {
    throw toPlatformError(error);
  } finally {
    clearTimeout(timer);
    caller?.removeEventListener('abort', abort);
  }
}

function tooLate(): PlatformError {
  return new PlatformError('PLATFORM_TIMEOUT', 'The Platform API did not answer in time.');
}

/** Names a failure of the transport, whose own error is dropped: it knows the credentials and the body. */
function toPlatformError(error: unknown): PlatformError {
  if (error instanceof PlatformError) return error;
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
