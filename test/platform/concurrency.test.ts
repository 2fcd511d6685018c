import { expect, it } from 'vitest';

import { createPlatformClient, type PlatformEvent } from '../../src/platform/client.js';
import { type Concurrency, createConcurrency } from '../../src/platform/concurrency.js';
import { createSandbox, SANDBOX_CREDENTIALS } from '../../src/sandbox/index.js';
import { until } from '../support/until.js';

const slackOf = (ownerId: string) => ({ ownerKind: 'USER', ownerId, connectorSlug: 'slack' }) as const;

/** Requests a place, and records its name when it gets one. */
function take(concurrency: Concurrency, name: string, entered: string[]) {
  const waiter = concurrency.take();
  if (!waiter) entered.push(name);
  void waiter?.ready.then(() => entered.push(name));
  return waiter;
}

it('admits queued lookups in order, and refuses a lookup if the queue is full', async () => {
  const concurrency = createConcurrency(1, 3);
  const entered: string[] = [];
  for (const name of ['first', 'second', 'third', 'fourth']) take(concurrency, name, entered);
  const refused = { code: 'OVERLOADED', reason: 'QUEUE_FULL' };
  expect(() => concurrency.take()).toThrow(expect.objectContaining(refused));
  expect(entered).toEqual(['first']);
  concurrency.release();
  await Promise.resolve();
  expect(entered).toEqual(['first', 'second']);
  concurrency.release();
  concurrency.release();
  await Promise.resolve();
  expect(entered).toEqual(['first', 'second', 'third', 'fourth']);
  concurrency.release();
  expect(concurrency.take()).toBeNull();
});

it.each([0, 1, 2])('skips a lookup that has left the queue at position %d', async (leaving) => {
  const concurrency = createConcurrency(1, 3);
  const entered: string[] = [];
  const [, ...waiters] = ['now', 'a', 'b', 'c'].map((name) => take(concurrency, name, entered));
  waiters[leaving]?.leave();
  for (let released = 0; released < 3; released += 1) concurrency.release();
  await Promise.resolve();
  expect(entered).toEqual(['now', ...['a', 'b', 'c'].filter((_, index) => index !== leaving)]);
  // The place of the last lookup is free.
  expect(concurrency.take()).toBeNull();
});

it('passes on the place of a lookup that leaves as soon as it is admitted', async () => {
  const concurrency = createConcurrency(1, 2);
  const entered: string[] = [];
  const [, waiter] = ['now', 'a', 'b'].map((name) => take(concurrency, name, entered));
  concurrency.release();
  waiter?.leave();
  await Promise.resolve();
  expect(entered).toEqual(['now', 'a', 'b']);
});

it('does not count a timeout in the queue as an outage', async () => {
  const sandbox = createSandbox();
  const listening = await sandbox.listen();
  const events: PlatformEvent[] = [];
  const platform = createPlatformClient({
    ...SANDBOX_CREDENTIALS,
    apiUrl: listening.apiUrl,
    maxSockets: 1,
    deadlineMs: 400,
    attemptTimeoutMs: 200,
    onEvent: (event) => events.push(event),
  });
  sandbox.faults.add({ delayMs: 60, times: Infinity });
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      platform.readConnection(slackOf(`user-${index}`)).then(
        () => 'found',
        ({ code }: { code: string }) => code,
      ),
    ),
  );
  expect(new Set(outcomes)).toEqual(new Set(['found', 'PLATFORM_TIMEOUT']));
  // A lookup that timed out in the queue sent no request, and the breaker is closed.
  expect(events.filter(({ type }) => type !== 'attempt' && type !== 'lookup')).toEqual([]);
  expect(events.filter(({ type }) => type === 'attempt').length).toBeLessThan(10);
  expect(await platform.readConnection(slackOf('alice'))).toMatchObject({ found: true });
  await platform.close();
  await listening.close();
});

it('frees the queue when the waiting callers hang up', async () => {
  const sandbox = createSandbox();
  const listening = await sandbox.listen();
  const platform = createPlatformClient({
    ...SANDBOX_CREDENTIALS,
    apiUrl: listening.apiUrl,
    maxSockets: 1,
    maxQueue: 5,
  });
  sandbox.faults.add({ delayMs: 300 });
  const first = platform.readConnection(slackOf('alice'));
  await until(() => sandbox.requests.entries.length === 1);
  const hangUp = new AbortController();
  const left = Array.from({ length: 5 }, (_, index) =>
    platform.readConnection(slackOf(`left-${index}`), { signal: hangUp.signal }).catch(() => null),
  );
  hangUp.abort();
  await Promise.all(left);
  expect(await platform.readConnection(slackOf('carol'))).toMatchObject({ found: true });
  expect(sandbox.requests.entries).toHaveLength(2);
  await first;
  await platform.close();
  await listening.close();
});
