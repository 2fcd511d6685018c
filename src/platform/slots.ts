import { PlatformError } from './errors.js';
import type { Signal } from './signal.js';

/** A number of places, and a bounded queue of those who wait for one. */
export interface Slots {
  /** Takes a place if there is one: gives the function that gives it back, or null. */
  tryTake(): (() => void) | null;
  /**
   * Waits for a place: first come, first served.
   *
   * @returns gives the place back
   * @throws {PlatformError} `OVERLOADED` if as many wait as may, `PLATFORM_TIMEOUT` if the signal aborts meanwhile
   */
  take(signal: Signal): Promise<() => void>;
}

/**
 * Creates the places of requests to the platform. Who waits here has not been sent: it takes nothing of the time of its
 * request, tells nothing about the platform, and is gone from the queue as soon as nobody waits for it.
 */
export function createSlots(places: number, maxQueue: number): Slots {
  let taken = 0;
  const waiting = new Set<() => void>();

  const give = () => {
    taken -= 1;
    const [next] = waiting;
    if (next) next();
  };

  const hold = () => {
    taken += 1;
    return give;
  };

  return {
    tryTake: () => (taken < places ? hold() : null),
    take: async (signal) => {
      if (taken < places) return hold();
      if (waiting.size >= maxQueue) {
        throw new PlatformError('OVERLOADED', 'Too many requests wait for a socket to the Platform API.', {
          reason: 'QUEUE_FULL',
        });
      }
      return new Promise((resolve, reject) => {
        const leave = () => {
          waiting.delete(enter);
          reject(new PlatformError('PLATFORM_TIMEOUT', 'No request was sent to the Platform API in time.'));
        };
        const enter = () => {
          waiting.delete(enter);
          signal.removeEventListener('abort', leave);
          resolve(hold());
        };
        waiting.add(enter);
        signal.addEventListener('abort', leave, { once: true });
      });
    },
  };
}
