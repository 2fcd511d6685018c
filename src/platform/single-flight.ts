import { setMaxListeners } from 'node:events';

import type { AbortListener, Signal } from './signal.js';
import { tooLate } from './errors.js';
import { type Named, NameTable } from './name-table.js';

/** Who takes part in a flight, and for how long at most. Its functions must not throw. */
export interface Passenger<Result> {
  /** Aborts when this one no longer waits. */
  readonly signal?: Signal | undefined;
  /** How long it waits at most, in milliseconds. */
  readonly timeoutMs?: number | undefined;
  /** Whether to start anew, since what is in the air may be older than the question. */
  readonly fresh?: boolean | undefined;
  /** It has joined another one's flight. */
  onJoin?(): void;
  /** It has been told what came of it. */
  onEnd?(result: Result | null, error: unknown): void;
}

/** What is under way for a flight. */
export interface Journey {
  /** Ends it, since nobody waits any more. */
  abort(): void;
}

interface SingleFlightOptions {
  /** False lets everybody fly alone. */
  readonly isShared: boolean;
  /** How long a flight takes at most, in milliseconds: who has as long needs no clock of its own. */
  readonly maxMs: number;
  /** The time in milliseconds, from any start. */
  readonly now?: () => number;
}

/** Starts something, or joins what is in the air under the same name. */
export interface SingleFlight<Result> {
  /**
   * Takes part in a flight until it lands, the passenger leaves or its time is over.
   *
   * @param start sets out; what comes of it lands the flight, or crashes it
   * @returns rejects with a {@link PlatformError} `PLATFORM_TIMEOUT` for one who left
   */
  join(name: string, passenger: Passenger<Result>, start: (flight: Flight<Result>) => Journey): Promise<Result>;
}

/** How long after its start a flight may be joined, in milliseconds: its time-outs are those of whoever started it. */
const MAX_AGE_MS = 1_000;

/**
 * Creates a single flight: those who ask for the same thing at the same moment share one answer. Nothing is kept once
 * it has landed, so that nobody is ever answered from memory.
 */
export function createSingleFlight<Result>(options: SingleFlightOptions): SingleFlight<Result> {
  const { isShared, maxMs, now = () => performance.now() } = options;
  const inTheAir = new NameTable<Flight<Result>>();

  return {
    join: (name, passenger, start) => {
      const { signal, timeoutMs = maxMs, fresh } = passenger;
      if (signal?.aborted || timeoutMs <= 0) {
        const error = tooLate();
        passenger.onEnd?.(null, error);
        return Promise.reject(error);
      }
      return new Promise((resolve, reject) => {
        const seat = new Seat(passenger, resolve, reject);
        const startedAt = now();
        const existing = isShared && !fresh ? inTheAir.find(name) : null;
        if (existing && startedAt - existing.startedAt <= MAX_AGE_MS) {
          passenger.onJoin?.();
          existing.add(seat);
          seat.take(existing, timeoutMs < maxMs ? timeoutMs : null);
          return;
        }
        const flight = new Flight(inTheAir, name, startedAt, seat);
        seat.take(flight, timeoutMs < maxMs ? timeoutMs : null);
        flight.takeOff(start);
      });
    },
  };
}

/** Something that is under way, and those who wait for it. */
export class Flight<Result> implements Named<Flight<Result>> {
  /** By the clock of {@link createSingleFlight}. */
  readonly startedAt: number;
  readonly name: string;
  next: Flight<Result> | null = null;
  bucket = 0;
  readonly #inTheAir: NameTable<Flight<Result>>;
  #journey: Journey | null = null;
  // Almost always one: written as a list of one, since a list that grows has room for sixteen.
  #seats: Seat<Result>[];

  constructor(inTheAir: NameTable<Flight<Result>>, name: string, startedAt: number, first: Seat<Result>) {
    this.#inTheAir = inTheAir;
    this.name = name;
    this.startedAt = startedAt;
    this.#seats = [first];
    inTheAir.add(this);
  }

  takeOff(start: (flight: Flight<Result>) => Journey): void {
    this.#journey = start(this);
  }

  add(seat: Seat<Result>): void {
    this.#seats.push(seat);
  }

  /** Lets one go. With the last one what is under way ends. */
  remove(seat: Seat<Result>): void {
    // It has landed, and tells its passengers one after the other: one of them had another one leave.
    const others = this.#seats.filter((other) => other !== seat);
    if (others.length === this.#seats.length) return;
    this.#seats = others;
    if (others.length > 0) return;
    // Nobody may join what is being aborted.
    this.#inTheAir.remove(this);
    this.#journey?.abort();
  }

  /** Gives everybody the result. */
  land(result: Result): void {
    for (const seat of this.#empty()) seat.land(result);
  }

  /** Gives everybody the error. */
  crash(error: unknown): void {
    for (const seat of this.#empty()) seat.crash(error);
  }

  #empty(): readonly Seat<Result>[] {
    this.#inTheAir.remove(this);
    const seats = this.#seats;
    // Whoever is kept by the collector for longer than needed is not to keep the answer as well.
    this.#seats = [];
    return seats;
  }
}

/** A passenger's place, until it is settled. There is one for each lookup that waits, so it is kept small. */
class Seat<Result> implements AbortListener {
  readonly #passenger: Passenger<Result>;
  readonly #resolve: (result: Result) => void;
  readonly #reject: (error: unknown) => void;
  #flight: Flight<Result> | null = null;
  #isSettled = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(passenger: Passenger<Result>, resolve: (result: Result) => void, reject: (error: unknown) => void) {
    this.#passenger = passenger;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** @param timeoutMs how long it waits at most; null for as long as the flight takes */
  take(flight: Flight<Result>, timeoutMs: number | null): void {
    this.#flight = flight;
    if (timeoutMs !== null) this.#timer = setTimeout(() => this.handleEvent(), timeoutMs);
    const { signal } = this.#passenger;
    // Every lookup of an operation listens to the signal of its request: more than the ten that Node warns about.
    if (signal instanceof EventTarget) setMaxListeners(0, signal);
    signal?.addEventListener('abort', this, { once: true });
  }

  /** Leaves: it no longer waits. */
  handleEvent(): void {
    this.crash(tooLate());
    this.#flight?.remove(this);
  }

  land(result: Result): void {
    if (!this.#release()) return;
    this.#resolve(result);
    this.#passenger.onEnd?.(result, null);
  }

  crash(error: unknown): void {
    if (!this.#release()) return;
    this.#reject(error);
    this.#passenger.onEnd?.(null, error);
  }

  /** Tells whether it is settled only now: whoever is told of another one's end may have made this one leave. */
  #release(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#passenger.signal?.removeEventListener('abort', this);
    return true;
  }
}
