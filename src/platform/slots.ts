import { PlatformError } from './errors.js';

/** Who waits for a place. It is a link of the queue itself: one may leave it from anywhere without a search. */
export interface Waiter {
  before: Waiter | null;
  behind: Waiter | null;
  /** Is told that a place is its own now. Does not throw. */
  enter(): void;
}

/** A number of places, and a bounded queue of those who wait for one. */
export interface Slots {
  /**
   * Takes a place, or waits for one: first come, first served.
   *
   * @returns whether there was a place at once; if not, the waiter enters later
   * @throws {PlatformError} `OVERLOADED` if as many wait as may
   */
  take(waiter: Waiter): boolean;
  /** Takes one out of the queue who no longer waits. */
  leave(waiter: Waiter): void;
  /** Gives a place back. */
  give(): void;
  /** How many wait. */
  waiting(): number;
  /** How often somebody took a place, or waited for one. */
  taken(): number;
}

/**
 * Creates the places of requests to the platform. Who waits here has not been sent: it takes nothing of the time of its
 * request, tells nothing about the platform, and is gone from the queue as soon as nobody waits for it.
 *
 * @param onGiven is told whenever a place was given back
 */
export function createSlots(places: number, maxQueue: number, onGiven: () => void = () => undefined): Slots {
  let free = places;
  let waiting = 0;
  let taken = 0;
  let first: Waiter | null = null;
  let last: Waiter | null = null;
  let isServing = false;

  const leave = (waiter: Waiter) => {
    const { before, behind } = waiter;
    if (before) before.behind = behind;
    else first = behind;
    if (behind) behind.before = before;
    else last = before;
    waiter.before = waiter.behind = null;
    waiting -= 1;
  };

  return {
    take: (waiter) => {
      taken += 1;
      if (free > 0) {
        free -= 1;
        return true;
      }
      if (waiting >= maxQueue) {
        throw new PlatformError('OVERLOADED', 'Too many requests wait for a socket to the Platform API.', {
          reason: 'QUEUE_FULL',
        });
      }
      waiter.before = last;
      if (last) last.behind = waiter;
      else first = waiter;
      last = waiter;
      waiting += 1;
      return false;
    },
    leave,
    give: () => {
      free += 1;
      // One who enters may give the place back at once: then it is served here, and not one call deeper.
      if (isServing) return;
      isServing = true;
      for (let next = first; next !== null && free > 0; next = first) {
        leave(next);
        free -= 1;
        next.enter();
      }
      isServing = false;
      onGiven();
    },
    waiting: () => waiting,
    taken: () => taken,
  };
}
