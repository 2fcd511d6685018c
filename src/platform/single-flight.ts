import { setMaxListeners } from 'node:events';

import type { LookupObserver } from './lookup-observer.js';
import { Aborter, type Signal } from './signal.js';
import { tooLate } from './within-time.js';

/** Who takes part in a flight, and for how long at most. */
export interface Passenger {
  /** Aborts when this one no longer waits. */
  readonly leave: Signal | undefined;
  /** How long it waits at most, in milliseconds; null for as long as the flight takes. */
  readonly timeoutMs: number | null;
  /** Whether to start anew, since what is in the air may be older than the question. */
  readonly fresh: boolean;
  /** Who is told of it, if anybody. */
  readonly observer?: LookupObserver | undefined;
}

/** Starts something, or joins what is in the air under the same name. */
export interface SingleFlight<Result> {
  /**
   * Takes part in a flight until it lands, the passenger leaves or its time is over.
   *
   * @param start is given a signal that aborts with the last passenger
   * @returns rejects with a {@link PlatformError} `PLATFORM_TIMEOUT` for one who left
   */
  join(name: string, passenger: Passenger, start: (signal: Signal) => Promise<Result>): Promise<Result>;
}

/** How long after its start a flight may be joined, in milliseconds: its time-outs are those of whoever started it. */
const MAX_AGE_MS = 1_000;

interface Flight<Result> {
  readonly name: string;
  /** By the clock of {@link createSingleFlight}. */
  readonly startedAt: number;
  readonly aborter: Aborter;
  seats: Seat<Result>[];
}

/** A passenger's place, until it is settled. There is one for each lookup that waits, so it is kept small. */
interface Seat<Result> {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
  /** Gives the timer and the signal back. */
  release: () => void;
}

/**
 * Creates a single flight: those who ask for the same thing at the same moment share one answer. Nothing is kept once
 * it has landed, so that nobody is ever answered from memory.
 *
 * @param isShared false lets everybody fly alone
 * @param onJoin is told of each one who joins
 * @param now the time in milliseconds, from any start
 */
export function createSingleFlight<Result>(
  isShared: boolean,
  onJoin: (passenger: Passenger) => void,
  now = () => performance.now(),
): SingleFlight<Result> {
  const inTheAir = new Map<string, Flight<Result>>();

  // Only its own entry: a fresher flight may have taken its place.
  const forget = (flight: Flight<Result>) => {
    if (inTheAir.get(flight.name) === flight) inTheAir.delete(flight.name);
  };

  const takeOff = (name: string, start: (signal: Signal) => Promise<Result>): Flight<Result> => {
    const aborter = new Aborter();
    const flight: Flight<Result> = { name, startedAt: now(), aborter, seats: [] };
    inTheAir.set(name, flight);
    const land = (settle: (seat: Seat<Result>) => void) => {
      forget(flight);
      const { seats } = flight;
      // Whoever is kept by the collector for longer than needed is not to keep the answer as well.
      flight.seats = [];
      for (const seat of seats) {
        seat.release();
        settle(seat);
      }
    };
    start(aborter).then(
      (result) => land(({ resolve }) => resolve(result)),
      (error: unknown) => land(({ reject }) => reject(error)),
    );
    return flight;
  };

  const leaveFlight = (flight: Flight<Result>, seat: Seat<Result>) => {
    seat.release();
    seat.reject(tooLate());
    flight.seats = flight.seats.filter((other) => other !== seat);
    if (flight.seats.length > 0) return;
    // Nobody may join what is being aborted.
    forget(flight);
    flight.aborter.abort();
  };

  return {
    join: (name, passenger, start) => {
      const { leave, timeoutMs, fresh } = passenger;
      if (leave?.aborted || (timeoutMs !== null && timeoutMs <= 0)) return Promise.reject(tooLate());
      const existing = isShared && !fresh ? inTheAir.get(name) : undefined;
      const joined = existing && now() - existing.startedAt <= MAX_AGE_MS ? existing : undefined;
      if (joined) onJoin(passenger);
      const flight = joined ?? takeOff(name, start);
      return new Promise((resolve, reject) => {
        const onLeave = () => leaveFlight(flight, seat);
        const timer = timeoutMs === null ? undefined : setTimeout(onLeave, timeoutMs);
        const release = () => {
          clearTimeout(timer);
          leave?.removeEventListener('abort', onLeave);
        };
        const seat: Seat<Result> = { resolve, reject, release };
        flight.seats.push(seat);
        // Every lookup of an operation listens to the signal of its request: more than the ten that Node warns about.
        if (leave instanceof EventTarget) setMaxListeners(0, leave);
        leave?.addEventListener('abort', onLeave, { once: true });
      });
    },
  };
}
