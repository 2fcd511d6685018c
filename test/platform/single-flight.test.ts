import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { expect, it, vi } from 'vitest';

import { createSingleFlight } from '../../src/platform/single-flight.js';

/** Creates a task that the test completes. */
function createTask() {
  let land!: (result: string) => void;
  let crash!: (error: Error) => void;
  const result = new Promise<string>((resolve, reject) => {
    land = resolve;
    crash = reject;
  });
  return { result, land, crash, abort: vi.fn() };
}

function createControlled(isShared = true) {
  const joined = vi.fn();
  let now = 0;
  const flights = createSingleFlight<string>({ isShared, maxMs: 10_000, now: () => now });
  const started: ReturnType<typeof createTask>[] = [];
  const start = () => {
    const task = createTask();
    started.push(task);
    return task;
  };
  return {
    flights,
    pass: (ms: number) => void (now += ms),
    started,
    joined,
    join: (controller = new AbortController(), fresh = false) =>
      flights.join('a', { signal: controller.signal, timeoutMs: 10_000, fresh }, start, joined),
  };
}

it('returns one result to all waiters, and starts a new task for the next one', async () => {
  const { started, join, joined } = createControlled();
  const answers = [join(), join(), join()];
  expect([started.length, joined.mock.calls.length]).toEqual([1, 2]);
  started[0]?.land('landed');
  expect(await Promise.all(answers)).toEqual(['landed', 'landed', 'landed']);
  void join();
  expect(started).toHaveLength(2);
});

it('does not join a task older than one second, whose remaining timeout would be too short', () => {
  const { started, join, pass } = createControlled();
  void join();
  pass(1_000);
  void join();
  expect(started).toHaveLength(1);
  pass(1);
  void join();
  expect(started).toHaveLength(2);
  // Later waiters join the newer task.
  void join();
  expect(started).toHaveLength(2);
});

it('starts a new task after a failed one', async () => {
  const { started, join } = createControlled();
  const answers = Promise.allSettled([join(), join()]);
  started[0]?.crash(new Error('crashed'));
  expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  void join();
  expect(started).toHaveLength(2);
});

it('aborts a task when its last waiter leaves, and does not join it after that', async () => {
  const { started, join } = createControlled();
  const [first, second] = [new AbortController(), new AbortController()];
  const left = Promise.allSettled([join(first), join(second)]);
  first.abort();
  expect(started[0]?.abort).not.toHaveBeenCalled();
  second.abort();
  expect(started[0]?.abort).toHaveBeenCalledTimes(1);
  void join();
  expect(started).toHaveLength(2);
  expect((await left).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

it('starts a new task if a fresh result is required, and later waiters join the newer task', async () => {
  const { started, join } = createControlled();
  const early = join();
  const fresh = join(undefined, true);
  const late = join();
  expect(started).toHaveLength(2);
  started[0]?.land('early');
  await early;
  // The end of the older task does not affect the newer one.
  const later = join();
  expect(started).toHaveLength(2);
  started[1]?.land('fresh');
  expect(await Promise.all([fresh, late, later])).toEqual(['fresh', 'fresh', 'fresh']);
});

it('does not join an older task after a newer one has ended', async () => {
  const { started, join } = createControlled();
  const early = join();
  const fresh = join(undefined, true);
  started[1]?.land('fresh');
  await fresh;
  const later = join();
  expect(started).toHaveLength(3);
  started[0]?.land('early');
  started[2]?.land('later');
  expect(await Promise.all([early, later])).toEqual(['early', 'later']);
});

it('starts one task per waiter if sharing is off', () => {
  const { started, join } = createControlled(false);
  void join();
  void join();
  expect(started).toHaveLength(2);
});

it('returns the result to every waiter, even if the first one makes the second one leave', async () => {
  const { join, started } = createControlled();
  const controller = new AbortController();
  const first = join().then((result) => {
    controller.abort();
    return result;
  });
  const answers = Promise.all([first, join(controller)]);
  started[0]?.land('landed');
  expect(await answers).toEqual(['landed', 'landed']);
  expect(started[0]?.abort).not.toHaveBeenCalled();
});

it('does not retain results in the outgrown hash tables of its map', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options?: { readonly type: 'minor' }) => void;
  const flights = createSingleFlight<readonly number[]>({ isShared: true, maxMs: 10_000 });
  const [atOnce, rounds, length] = [16, 300, 2_000];
  // Not a mock, because vitest retains every mock.
  const nothing = () => undefined;
  const load = (name: string) => {
    const result = Promise.resolve(Array.from({ length }, () => 1));
    return flights.join(name, {}, () => ({ result, abort: nothing }), nothing);
  };
  const run = async () => {
    for (let round = 0; round < rounds; round += 1) {
      await Promise.all(Array.from({ length: atOnce }, (_, index) => load(`${round} ${index}`)));
      // Only a minor collection, because a full one would free the tables.
      collect({ type: 'minor' });
    }
  };
  const readOldBytes = () =>
    getHeapSpaceStatistics().reduce(
      (sum, { space_name, space_used_size }) =>
        sum + (/^(?:old|large_object)_space$/.test(space_name) ? space_used_size : 0),
      0,
    );
  await run();
  collect();
  const before = readOldBytes();
  await run();
  const grownBytes = readOldBytes() - before;
  const resultBytes = atOnce * rounds * length * 8;
  expect(grownBytes / resultBytes).toBeLessThan(0.05);
});
