import { PlatformError } from './errors.js';

/** Requests to the Platform API at the same time, unless configured otherwise. At 64 the sockets decide latency, not the CPU. */
export const DEFAULT_MAX_SOCKETS = 256;
/** Requests that may wait for a socket, unless configured otherwise. */
export const DEFAULT_MAX_QUEUE = 1_024;

/** A request that waits for its place. */
export interface Waiter {
  /** Is fulfilled when the request has its place, which it must release. */
  readonly ready: Promise<void>;
  /** Leaves the queue. A place that was given meanwhile is released. */
  leave(): void;
}

/** Limits how many requests there are at the same time. */
export interface Concurrency {
  /**
   * Takes a place: returns null if there is one, and a waiter if there is none.
   *
   * @throws {PlatformError} `OVERLOADED` if the queue is full
   */
  take(): Waiter | null;
  /** Releases a place, for the request that has waited longest. */
  release(): void;
}

/** Creates a limit of `places` requests, with a queue of `maxQueue`. */
export function createConcurrency(places: number, maxQueue: number): Concurrency {
  // A set keeps the order of its members, and deletes any of them without a search.
  const queue = new Set<() => void>();
  let free = places;

  const release = () => {
    const [next] = queue;
    if (!next) {
      free += 1;
      return;
    }
    queue.delete(next);
    next();
  };

  const wait = (): Waiter => {
    const { promise, resolve } = withResolvers();
    queue.add(resolve);
    return {
      ready: promise,
      leave: () => {
        if (!queue.delete(resolve)) release();
      },
    };
  };

  return {
    take: () => {
      if (free > 0) {
        free -= 1;
        return null;
      }
      if (queue.size < maxQueue) return wait();
      throw new PlatformError('OVERLOADED', 'Too many requests wait for a socket to the Platform API.', {
        reason: 'QUEUE_FULL',
      });
    },
    release,
  };
}

function withResolvers() {
  let resolve!: () => void;
  const promise = new Promise<void>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}
