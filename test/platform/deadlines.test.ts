import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { createPlatformClient } from '../../src/platform/client.js';
import { Deadlines, type Limited } from '../../src/platform/deadlines.js';
import type { PlatformError } from '../../src/platform/errors.js';

let deadlines: Deadlines;
let expired: [name: string, at: number][];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  deadlines = new Deadlines();
  expired = [];
});
afterEach(() => void vi.useRealTimers());

/** Adds one that has so many milliseconds. */
function add(name: string, ms: number, onExpire?: () => void): Limited {
  const limited: Limited = {
    earlier: null,
    later: null,
    endsAt: performance.now() + ms,
    expire: () => {
      deadlines.remove(limited);
      expired.push([name, performance.now()]);
      onExpire?.();
    },
  };
  deadlines.add(limited);
  return limited;
}

it('expires each at its time, in whichever order they come', () => {
  for (const ms of [300, 100, 200, 400, 100, 50]) add(`${ms}`, ms);
  vi.runAllTimers();
  expect(expired).toEqual([50, 100, 100, 200, 300, 400].map((ms) => [`${ms}`, ms]));
  expect(vi.getTimerCount()).toBe(0);
});

it('has one timer for all of them, and none for nobody', () => {
  const all = [200, 100, 300].map((ms) => add('', ms));
  expect(vi.getTimerCount()).toBe(1);
  for (const limited of all) deadlines.remove(limited);
  expect(vi.getTimerCount()).toBe(0);
  vi.runAllTimers();
  expect(expired).toEqual([]);
});

it.each([
  ['first', [true, false, false]],
  ['middle', [false, true, false]],
  ['last', [false, false, true]],
])('keeps the others when the %s one leaves', (_, leaves) => {
  const all = [100, 200, 300].map((ms) => add(`${ms}`, ms));
  for (const limited of all.filter((__, at) => leaves[at])) deadlines.remove(limited);
  add('250', 250);
  vi.runAllTimers();
  const left = [100, 200, 300].filter((__, at) => !leaves[at]);
  expect(expired).toEqual([...left, 250].toSorted((a, b) => a - b).map((ms) => [`${ms}`, ms]));
});

it('takes one in that is added while others expire', () => {
  add('first', 100, () => add('another', 50));
  add('second', 100);
  vi.runAllTimers();
  expect(expired).toEqual([
    ['first', 100],
    ['second', 100],
    ['another', 150],
  ]);
  expect(vi.getTimerCount()).toBe(0);
});

it('lets one that expires take others with it', () => {
  const second = add('second', 200);
  const third = add('third', 100);
  add('first', 50, () => {
    deadlines.remove(second);
    deadlines.remove(third);
  });
  vi.runAllTimers();
  expect(expired).toEqual([['first', 50]]);
});

it('expires nothing before its time where the timer is early', () => {
  // Timers count whole milliseconds.
  vi.advanceTimersByTime(7);
  add('late', 100.9);
  vi.advanceTimersByTime(100);
  expect(expired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(expired).toEqual([['late', 108]]);
});

const ALICE = { ownerKind: 'USER', ownerId: 'alice', connectorSlug: 'slack' } as const;

it.each(['attempt', 'retry'])(
  'leaves those of other lookups alone when a listener of %s has one stop',
  async (type) => {
    const controller = new AbortController();
    let sent = 0;
    const client = createPlatformClient({
      publishableKey: 'pk',
      secretKey: 'sk',
      fetch: async (url) => {
        sent += 1;
        return String(url).includes('alice') ? new Response(null, { status: 503 }) : new Promise(() => undefined);
      },
      onEvent: (event) => event.type === type && controller.abort(),
    });
    const failures: string[] = [];
    const note = (error: unknown) => void failures.push((error as PlatformError).code);
    void client.readConnection({ ...ALICE, ownerId: 'hangs' }).catch(note);
    void client.readConnection(ALICE, { signal: controller.signal }).catch(note);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([failures, sent]).toEqual([['PLATFORM_TIMEOUT'], 2]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([failures, sent, vi.getTimerCount()]).toEqual([['PLATFORM_TIMEOUT', 'PLATFORM_TIMEOUT'], 2, 0]);
  },
);
