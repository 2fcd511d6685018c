import { setMaxListeners } from 'node:events';
import { tooLate } from './errors.js';

/** Work with one or more waiters. */
export interface Task<Result> {
  readonly result: Promise<Result>;
  /** Called when the last waiter has left. */
  abort(): void;
}

/** Configures one waiter. */
export interface WaitOptions {
  /** Aborts when the caller no longer waits. */
  readonly signal?: AbortSignal | undefined;
  /** Maximum wait in milliseconds. @default the maximum duration of a task */
  readonly timeoutMs?: number | undefined;
  /** Whether to start a new task instead of joining an older one. @default false */
  readonly fresh?: boolean | undefined;
}

interface SingleFlightOptions {
  readonly isShared: boolean;
  /** Maximum duration of a task in milliseconds. A caller that waits as long needs no timer. */
  readonly maxMs: number;
  /** The time in milliseconds, from any origin. */
  readonly now?: () => number;
}

/** Starts a task, or joins the in-flight task of the same name. */
export interface SingleFlight<Result> {
  /**
   * Joins a task and calls `onJoin`, or else calls `start` for a new task. Waits for the task.
   * @returns rejects with a {@link PlatformError} `PLATFORM_TIMEOUT` if the caller leaves or times out
   */
  join(name: string, options: WaitOptions, start: () => Task<Result>, onJoin: () => void): Promise<Result>;
}

/** Maximum age at which a task can be joined, in milliseconds. An older task has too little time left. */
const MAX_AGE_MS = 1_000;

/** Replaces the task of a flight that has ended. */
const ENDED: Task<never> = { result: new Promise(() => undefined), abort: () => undefined };

interface Flight<Result> {
  task: Task<Result>;
  readonly startedAt: number;
  waiters: number;
}

/**
 * Creates a single flight: concurrent callers with the same name share one result. Results are not cached. A task is
 * aborted when its last waiter leaves.
 */
export function createSingleFlight<Result>(options: SingleFlightOptions): SingleFlight<Result> {
  const { isShared, maxMs, now = () => performance.now() } = options;
  const inFlight = new Map<string, Flight<Result>>();

  // A newer flight may have taken the name.
  const forget = (name: string, flight: Flight<Result>) => {
    if (inFlight.get(name) === flight) inFlight.delete(name);
  };

  const open = (name: string, task: Task<Result>): Flight<Result> => {
    const flight: Flight<Result> = { task, startedAt: now(), waiters: 0 };
    inFlight.set(name, flight);
    const end = () => {
      forget(name, flight);
      // V8 retains each outgrown hash table of a long-lived Map, with its flights, until the next full collection. They
      // must not retain their results, which hold tokens (docs/decisions/015).
      flight.task = ENDED;
    };
    task.result.then(end, end);
    return flight;
  };

  return {
    join: (name, { signal, timeoutMs = maxMs, fresh = false }, start, onJoin) => {
      if (signal?.aborted || timeoutMs <= 0) return Promise.reject(tooLate());
      const known = isShared && !fresh ? inFlight.get(name) : undefined;
      const isJoined = known !== undefined && now() - known.startedAt <= MAX_AGE_MS;
      if (isJoined) onJoin();
      const flight = isJoined ? known : open(name, start());
      flight.waiters += 1;
      return waitFor(flight.task.result, { signal, timeoutMs: timeoutMs < maxMs ? timeoutMs : null }, () => {
        flight.waiters -= 1;
        if (flight.waiters > 0) return;
        // No caller may join an aborted task.
        forget(name, flight);
        flight.task.abort();
      });
    },
  };
}

/** Waits for a result. If the signal aborts or the time is up, rejects and calls `onLeave`. */
function waitFor<Result>(
  result: Promise<Result>,
  { signal, timeoutMs }: { readonly signal: AbortSignal | undefined; readonly timeoutMs: number | null },
  onLeave: () => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      stop();
      reject(tooLate());
      onLeave();
    };
    const timer = timeoutMs === null ? undefined : setTimeout(leave, timeoutMs);
    const stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
    };
    // Every lookup of an operation adds a listener to the signal of its request. Node warns about more than ten.
    if (signal instanceof EventTarget) setMaxListeners(0, signal);
    signal?.addEventListener('abort', leave, { once: true });
    result.then(resolve, reject).finally(stop);
  });
}
