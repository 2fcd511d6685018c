import { setMaxListeners } from 'node:events';

import { isDecompressionError } from './body.js';
import { PlatformError } from './errors.js';

/**
 * Runs an attempt until it ends, the time is over or the caller goes away, and turns every error that is not ours
 * into one that is.
 *
 * The end does not depend on the transport's heeding its signal. The signals are linked by hand: on Node 20
 * `AbortSignal.any` keeps what it made for as long as its sources live.
 */
export async function withinTime<T>(
  timeoutMs: number,
  caller: AbortSignal | undefined,
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let abort = () => controller.abort();
  const tooLate = new Promise<never>((_resolve, reject) => {
    abort = () => {
      // First, so that the transport's own word for it comes second.
      reject(new PlatformError('PLATFORM_TIMEOUT', 'The Platform API did not answer in time.'));
      controller.abort();
    };
  });
  const timer = setTimeout(abort, timeoutMs);
  if (caller) {
    // Every lookup of an operation listens to the signal of its request: more than the ten that Node warns about.
    setMaxListeners(0, caller);
    caller.addEventListener('abort', abort, { once: true });
  }
  try {
    if (caller?.aborted) abort();
    return await Promise.race([tooLate, attempt(controller.signal)]);
  } catch (error) {
    throw toPlatformError(error);
  } finally {
    clearTimeout(timer);
    caller?.removeEventListener('abort', abort);
  }
}

/** Names a failure of the transport, whose own error is dropped: it knows the credentials and the body. */
function toPlatformError(error: unknown): PlatformError {
  if (error instanceof PlatformError) return error;
  return isDecompressionError(error)
    ? new PlatformError('PLATFORM_BAD_RESPONSE', "The body of the Platform API's answer cannot be decompressed.")
    : new PlatformError('PLATFORM_UNAVAILABLE', 'The connection to the Platform API failed.');
}
