import { Deadlines, type Limited } from './deadlines.js';
import type { Slots } from './slots.js';

/** How long an operation is held back at most, in milliseconds. */
const MAX_HELD_MS = 250;
/** Of so many operations the lookups say how many the next ones will bring: at twice as many, all count for half. */
const MEMORY = 64;

/** Holds operations back while the platform is behind with the lookups of others. */
export interface Admission {
  /** Admits an operation: null if it may begin. Otherwise it waits for the promise, which is never rejected. */
  admit(): Promise<void> | null;
  /** Has those begin for whom there is room by now. */
  look(): void;
}

/**
 * Creates what holds operations back: one that has begun is a few kilobytes for each lookup that waits, which the garbage
 * collector moves again and again. See decision 033.
 *
 * @param places an operation is held back while at least as many lookups wait for one of these places
 * @param maxQueue as many lookups and operations may wait: any more operations begin at once, and are told so
 */
export function createAdmission(slots: Pick<Slots, 'waiting' | 'taken'>, places: number, maxQueue: number): Admission {
  const held: Held[] = [];
  const deadlines = new Deadlines();
  let isLooking = false;
  // Operations that began, and how many lookups there had been before them.
  let begun = 0;
  let takenBefore = 0;

  const note = (operations: number) => {
    begun += operations;
    if (begun < 2 * MEMORY) return;
    begun /= 2;
    takenBefore = (takenBefore + slots.taken()) / 2;
  };

  /** How many operations bring so many lookups, if they are like those that began lately. */
  const countFor = (lookups: number): number => {
    const each = (slots.taken() - takenBefore) / begun;
    return Math.ceil(lookups / Math.max(1, each));
  };

  const begin = (operations: readonly Held[]) => {
    note(operations.length);
    for (const operation of operations) {
      deadlines.remove(operation);
      operation.begin();
    }
  };

  const look = () => {
    if (isLooking || held.length === 0) return;
    isLooking = true;
    // Not now: who began in this turn has not brought its lookups yet.
    setImmediate(() => {
      isLooking = false;
      const room = places - slots.waiting();
      if (room <= 0) return;
      begin(held.splice(0, countFor(room)));
      look();
    });
  };

  return {
    admit: () => {
      const waiting = slots.waiting();
      if ((waiting < places && held.length === 0) || waiting + held.length >= maxQueue) {
        note(1);
        return null;
      }
      return new Promise((resolve) => {
        // The time of the one that came first is over first.
        const operation = new Held(resolve, () => begin(held.splice(0, 1)));
        held.push(operation);
        deadlines.add(operation);
      });
    },
    look,
  };
}

/** An operation that is held back. */
class Held implements Limited {
  earlier: Limited | null = null;
  later: Limited | null = null;
  readonly endsAt = performance.now() + MAX_HELD_MS;

  constructor(
    readonly begin: () => void,
    readonly expire: () => void,
  ) {}
}
