import { expect, it } from 'vitest';

import { createPlatformClient, type PlatformEvent } from '../../src/platform/client.js';
import { createSlots, type Waiter } from '../../src/platform/slots.js';
import { createSandbox, SANDBOX_CREDENTIALS } from '../../src/sandbox/index.js';
import { until } from '../support/until.js';

const slackOf = (ownerId: string) => ({ ownerKind: 'USER', ownerId, connectorSlug: 'slack' }) as const;

/** Waits for a place, and notes its name once it has one. */
function createWaiter(name: string, entered: string[], onEnter = () => undefined as void): Waiter {
  const enter = () => {
    entered.push(name);
    onEnter();
  };
  return { before: null, behind: null, enter };
}

it('gives places in the order in which they were asked for', () => {
  const slots = createSlots(1, 3);
  const entered: string[] = [];
  expect(slots.take(createWaiter('first', entered))).toBe(true);
  for (const name of ['second', 'third', 'fourth']) expect(slots.take(createWaiter(name, entered))).toBe(false);
  const refused = { code: 'OVERLOADED', reason: 'QUEUE_FULL' };
  expect(() => slots.take(createWaiter('fifth', entered))).toThrow(expect.objectContaining(refused));
  expect(entered).toEqual([]);
  slots.give();
  expect(entered).toEqual(['second']);
  slots.give();
  slots.give();
  expect(entered).toEqual(['second', 'third', 'fourth']);
  slots.give();
  expect(slots.take(createWaiter('sixth', entered))).toBe(true);
});

it('forgets who no longer waits, wherever in the queue', () => {
  const slots = createSlots(1, 3);
  const entered: string[] = [];
  slots.take(createWaiter('now', entered));
  for (const leaving of [0, 1, 2]) {
    const waiters = ['first', 'second', 'third'].map((name) => createWaiter(`${name} ${leaving}`, entered));
    for (const waiter of waiters) expect(slots.take(waiter)).toBe(false);
    slots.leave(waiters[leaving] as Waiter);
    slots.give();
    slots.give();
  }
  expect(entered).toEqual(['second 0', 'third 0', 'first 1', 'third 1', 'first 2', 'second 2']);
});

it('serves any number of those who give their place back at once', () => {
  const slots = createSlots(1, 100_000);
  const entered: string[] = [];
  slots.take(createWaiter('now', entered));
  for (let index = 0; index < 100_000; index += 1) slots.take(createWaiter('', entered, slots.give));
  slots.give();
  expect(entered).toHaveLength(100_000);
});

it('does not take the wait for a socket of its own for an outage', async () => {
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
  // Who waited in vain was not sent, and the breaker is closed.
  expect(events.filter(({ type }) => type !== 'attempt' && type !== 'lookup')).toEqual([]);
  expect(events.filter(({ type }) => type === 'attempt').length).toBeLessThan(10);
  expect(await platform.readConnection(slackOf('alice'))).toMatchObject({ found: true });
  await platform.close();
  await listening.close();
});

it('has room again once those who waited have hung up', async () => {
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
