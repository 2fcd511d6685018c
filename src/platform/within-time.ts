import { PlatformError } from './errors.js';
import { Aborter, type Signal } from './signal.js';

/** What setTimeout can wait at most, in milliseconds: about 24.8 days. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Waits for something until it ends, the time is over or nobody waits for it any more.
 *
 * The end does not depend on whether what is waited for heeds its signal. The signals are linked by hand: on Node 20
 * `AbortSignal.any` keeps what it made for as long as its sources live. The promise is made by hand as well: a race of
 * promises and a `finally` cost three times as much.
 *
 * @returns rejects with a {@link PlatformError} `PLATFORM_TIMEOUT` if it did not end by itself
 */
export function withinTime<T>(timeoutMs: number, outer: Signal, action: (signal: Signal) => Promise<T>): Promise<T> {
  if (outer.aborted || timeoutMs <= 0) return Promise.reject(tooLate());
  return new Promise<T>((resolve, reject) => {
    const aborter = new Aborter();
    const abort = () => {
      end();
      // First, so that the transport's own word for it comes too late to be the answer.
      reject(tooLate());
      aborter.abort();
    };
    const timer = setTimeout(abort, timeoutMs);
    const end = () => {
      clearTimeout(timer);
      outer.removeEventListener('abort', abort);
    };
    outer.addEventListener('abort', abort, { once: true });
    const succeed = (value: T) => {
      end();
      resolve(value);
    };
    const fail = (error: unknown) => {
      end();
      reject(error);
    };
    action(aborter).then(succeed, fail);
  });
}

/** Says that somebody's time is over, or that nobody waits any more. */
export function tooLate(): PlatformError {
  return new PlatformError('PLATFORM_TIMEOUT', 'The Platform API did not answer in time.');
}
