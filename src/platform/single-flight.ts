import { Aborter, type Signal } from './signal.js';

/** Starts something, or joins what is in the air under the same name. */
export interface SingleFlight<Result> {
  /**
   * Takes part in a flight until it lands or the participant leaves.
   *
   * @param leave aborts when this participant no longer waits; the flight's own signal aborts with the last one
   * @param fresh whether to start anew, since what is in the air may be older than the question
   */
  join(name: string, leave: Signal, fresh: boolean, start: (signal: Signal) => Promise<Result>): Promise<Result>;
}

/** How long after its start a flight may be joined, in milliseconds: its time-outs are those of whoever started it. */
const MAX_AGE_MS = 1_000;

interface Flight<Result> {
  readonly landing: Promise<Result>;
  /** By the clock of {@link createSingleFlight}. */
  readonly startedAt: number;
  readonly aborter: Aborter;
  participants: number;
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
  onJoin: () => void,
  now = () => performance.now(),
): SingleFlight<Result> {
  const inTheAir = new Map<string, Flight<Result>>();

  const takeOff = (name: string, start: (signal: Signal) => Promise<Result>): Flight<Result> => {
    const aborter = new Aborter();
    const flight: Flight<Result> = {
      landing: start(aborter),
      startedAt: now(),
      aborter,
      participants: 0,
    };
    inTheAir.set(name, flight);
    // Only its own entry: a fresher flight may have taken its place.
    const land = () => inTheAir.get(name) === flight && inTheAir.delete(name);
    flight.landing.then(land, land);
    return flight;
  };

  return {
    join: (name, leave, fresh, start) => {
      const existing = isShared && !fresh ? inTheAir.get(name) : undefined;
      const joined = existing && now() - existing.startedAt <= MAX_AGE_MS ? existing : undefined;
      if (joined) onJoin();
      const flight = joined ?? takeOff(name, start);
      flight.participants += 1;
      leave.addEventListener(
        'abort',
        () => {
          flight.participants -= 1;
          if (flight.participants > 0) return;
          // Nobody may join what is being aborted.
          if (inTheAir.get(name) === flight) inTheAir.delete(name);
          flight.aborter.abort();
        },
        { once: true },
      );
      return flight.landing;
    },
  };
}
