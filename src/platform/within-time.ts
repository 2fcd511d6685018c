import { setMaxListeners } from 'node:events';

import { PlatformError } from './errors.js';

/** What setTimeout can wait at most, in milliseconds: about 24.8 days. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Waits for something until it ends, the time is over or the caller goes away.
 *
 * The end does not depend on whether what is waited for heeds its signal. The signals are linked by hand: on Node 20
 * `AbortSignal.any` keeps what it made for as long as its sources live.
 *
 * @throws {PlatformError} `PLATFORM_TIMEOUT` if it did not end by itself
 */
export async function withinTime<T>(
  timeoutMs: number,
  caller: AbortSignal | undefined,
  action: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (caller?.aborted || timeoutMs <= 0) throw tooLate();
  const controller = new AbortController();
  const abort = () => controller.abort();
  // The first to listen, so that the transport's own word for it comes too late to be the answer.
  const aborted = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => reject(tooLate()), { once: true });
  });
  // It may come after the action has ended, when nobody waits for it any more.
  aborted.catch(() => undefined);
  const timer = setTimeout(abort, timeoutMs);
  try {
    // Every lookup of an operation listens to the signal of its request: more than the ten that Node warns about.
    if (caller instanceof EventTarget) setMaxListeners(0, caller);
    caller?.addEventListener('abort', abort, { once: true });
    return await Promise.race([aborted, action(controller.signal)]);
  } finally {
    clearTimeout(timer);
    caller?.removeEventListener('abort', abort);
  }
}

function tooLate(): PlatformError {
  return new PlatformError('PLATFORM_TIMEOUT', 'The Platform API did not answer in time.');
}
