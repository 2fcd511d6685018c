import { PlatformError } from './errors.js';

/** Default maximum of concurrent requests to the Platform API. With 64, the sockets limit latency, not the CPU. */
export const DEFAULT_MAX_SOCKETS = 256;
/** Default maximum of requests that wait for a socket. */
export const DEFAULT_MAX_QUEUE = 1_024;

/** A queued request. */
export interface Waiter {
  /** Resolves when the request has a place, which it must release. */
  readonly ready: Promise<void>;
  /** Leaves the queue, or releases the place if the request already has one. */
  leave(): void;
}

/** Limits concurrent requests. */
export interface Concurrency {
  /** Takes a place and returns null, or queues a waiter. @throws {PlatformError} `OVERLOADED` if the queue is full */
  take(): Waiter | null;
  /** Releases a place to the longest waiter. */
  release(): void;
}

/** Creates a limit of `places` concurrent requests and `maxQueue` waiters. */
export function createConcurrency(places: number, maxQueue: number): Concurrency {
  // A set keeps insertion order and deletes any member without a search.
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
