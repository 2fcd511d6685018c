import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { createAdmission } from '../../src/platform/admission.js';

const PLACES = 10;
const MAX_QUEUE = 40;

/** The lookups of those who have begun. */
const lookups = { waiting: 0, taken: 0 };
/** Who began after having been held back. */
let begun: string[];
let admission: ReturnType<typeof createAdmission>;

beforeEach(() => {
  lookups.waiting = lookups.taken = 0;
  begun = [];
  admission = createAdmission({ waiting: () => lookups.waiting, taken: () => lookups.taken }, PLACES, MAX_QUEUE);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => vi.useRealTimers());

/** Sends operations, and tells of each whether it began at once. */
const send = (...names: string[]) => {
  // Those of an earlier test may still be held back.
  const ofThisTest = begun;
  return names.map((name) => {
    const admitted = admission.admit();
    void admitted?.then(() => ofThisTest.push(name));
    return admitted === null;
  });
};

/** Has a lookup end, which leaves so many waiting, and waits for some turns of the event loop. */
const end = async (waiting: number, turns = 1) => {
  lookups.waiting = waiting;
  admission.look();
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Sends operations that begin at once, with so many lookups each. */
const sendMany = (operations: number, each: number) => {
  for (let index = 0; index < operations; index += 1) {
    send('at once');
    lookups.taken += each;
  }
};

it('holds operations back while as many lookups wait as there are places, and has them begin in their order', async () => {
  lookups.waiting = PLACES - 1;
  expect(send('at once')).toEqual([true]);
  lookups.waiting = PLACES;
  expect(send('first', 'second', 'third')).toEqual([false, false, false]);
  await end(PLACES);
  expect(begun).toEqual([]);
  await end(PLACES - 1);
  expect(begun).toEqual(['first']);
  // Nobody overtakes those who wait.
  expect(send('fourth')).toEqual([false]);
  await end(0);
  expect(begun).toEqual(['first', 'second', 'third', 'fourth']);
  expect(send('at once')).toEqual([true]);
});

it('has as many begin as there is room for, by the lookups of those before', async () => {
  sendMany(1_000, 1);
  sendMany(1_000, 4);
  lookups.waiting = PLACES;
  send('first', 'second', 'third');
  await end(PLACES - 8);
  expect(begun).toEqual(['first', 'second']);
});

it('has those begin turn by turn who bring fewer lookups than was thought, though no lookup ends', async () => {
  sendMany(1_000, 20);
  lookups.waiting = PLACES;
  send('first', 'second', 'third');
  await end(PLACES - 1);
  expect(begun).toEqual(['first']);
  await end(PLACES - 1, 3);
  expect(begun).toEqual(['first', 'second', 'third']);
});

it('holds nobody back for longer than 250 ms', async () => {
  lookups.waiting = PLACES;
  send('first');
  vi.advanceTimersByTime(100);
  send('second');
  vi.advanceTimersByTime(149);
  await end(PLACES);
  expect(begun).toEqual([]);
  vi.advanceTimersByTime(2);
  await end(PLACES);
  expect(begun).toEqual(['first']);
  vi.advanceTimersByTime(100);
  await end(PLACES);
  expect(begun).toEqual(['first', 'second']);
});

it('holds nobody back where as many wait as may', () => {
  lookups.waiting = MAX_QUEUE - 2;
  expect(send('first', 'second', 'third')).toEqual([false, false, true]);
});
