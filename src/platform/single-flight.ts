import { tooLate } from './errors.js';

/** Work that several callers may wait for. */
export interface Task<Result> {
  readonly result: Promise<Result>;
  /** Ends it, because no caller waits any more. */
  abort(): void;
}

/** How one caller waits. */
export interface WaitOptions {
  /** Aborts when this caller no longer waits. */
  readonly signal?: AbortSignal | undefined;
  /** How long it waits at most, in milliseconds. @default as long as a task may take */
  readonly timeoutMs?: number | undefined;
  /** Whether to start anew, since a task in flight may be older than the question. @default false */
  readonly fresh?: boolean | undefined;
}

interface SingleFlightOptions {
  /** Whether callers share a task. */
  readonly isShared: boolean;
  /** How long a task takes at most, in milliseconds: a caller that waits as long needs no timer. */
  readonly maxMs: number;
  /** The time in milliseconds, from any start. */
  readonly now?: () => number;
}

/** Starts a task, or joins the one in flight under the same name. */
export interface SingleFlight<Result> {
  /**
   * Waits for a task.
   *
   * @param start starts the task, if there is none to join
   * @param onJoin called if there is one
   * @returns rejects with a {@link PlatformError} `PLATFORM_TIMEOUT` for a caller that left, or whose time is over
   */
  join(name: string, options: WaitOptions, start: () => Task<Result>, onJoin: () => void): Promise<Result>;
}

/** How long after its start a task may be joined, in milliseconds: its timeouts are those of the caller that started it. */
const MAX_AGE_MS = 1_000;

interface Flight<Result> {
  /** Null once it has ended. */
  task: Task<Result> | null;
  readonly startedAt: number;
  waiters: number;
}

/**
 * Creates a single flight: callers that ask for the same thing at the same moment share one result. Nothing is kept once
 * it has arrived. With its last waiter, a task ends.
 */
export function createSingleFlight<Result>(options: SingleFlightOptions): SingleFlight<Result> {
  const { isShared, maxMs, now = () => performance.now() } = options;
  const inFlight = new Map<string, Flight<Result>>();

  /** A newer flight may have taken the name. */
  const forget = (name: string, flight: Flight<Result>) => {
    if (inFlight.get(name) === flight) inFlight.delete(name);
  };

  const open = (name: string, task: Task<Result>): Flight<Result> => {
    const flight: Flight<Result> = { task, startedAt: now(), waiters: 0 };
    inFlight.set(name, flight);
    const end = () => {
      forget(name, flight);
      // V8 retains each hash table that a long-lived Map has outgrown until the next full collection, with all flights
      // that were in it. They must not retain their results, which hold tokens (docs/decisions/030).
      flight.task = null;
    };
    task.result.then(end, end);
    return flight;
  };

  return {
    join: (name, { signal, timeoutMs = maxMs, fresh = false }, start, onJoin) => {
      if (signal?.aborted || timeoutMs <= 0) return Promise.reject(tooLate());
      const known = isShared && !fresh ? inFlight.get(name) : undefined;
      const joined = known?.task && now() - known.startedAt <= MAX_AGE_MS ? known.task : null;
      if (joined) onJoin();
      const task = joined ?? start();
      const flight = joined && known ? known : open(name, task);
      flight.waiters += 1;
      return waitFor(task.result, { signal, timeoutMs: timeoutMs < maxMs ? timeoutMs : null }, () => {
        flight.waiters -= 1;
        if (flight.waiters > 0) return;
        // No caller may join what is being aborted.
        forget(name, flight);
        task.abort();
      });
    },
  };
}

/** Waits for a result until the signal aborts or the time is over; then calls `onLeave` and rejects. */
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
    signal?.addEventListener('abort', leave, { once: true });
    result.then(resolve, reject);
    result.then(stop, stop);
  });
}
