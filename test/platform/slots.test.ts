import { expect, it } from 'vitest';

import { createPlatformClient, type PlatformEvent } from '../../src/platform/client.js';
import { createSlots } from '../../src/platform/slots.js';
import { createSandbox, SANDBOX_CREDENTIALS } from '../../src/sandbox/index.js';
import { until } from '../support/until.js';

const never = new AbortController().signal;
const slackOf = (ownerId: string) => ({ ownerKind: 'USER', ownerId, connectorSlug: 'slack' }) as const;

it('gives places in the order in which they were asked for', async () => {
  const slots = createSlots(1, 3);
  const served: number[] = [];
  const giveBack = await slots.take(never);
  const waiting = [1, 2, 3].map(async (name) => {
    const done = await slots.take(never);
    served.push(name);
    done();
  });
  await expect(slots.take(never)).rejects.toMatchObject({ code: 'OVERLOADED', reason: 'QUEUE_FULL' });
  expect(served).toEqual([]);
  giveBack();
  await Promise.all(waiting);
  expect(served).toEqual([1, 2, 3]);
  (await slots.take(never))();
});

it('forgets who no longer waits', async () => {
  const slots = createSlots(1, 1);
  const giveBack = await slots.take(never);
  const leaving = new AbortController();
  const left = slots.take(leaving.signal);
  leaving.abort();
  await expect(left).rejects.toMatchObject({ code: 'PLATFORM_TIMEOUT' });
  const next = slots.take(never);
  giveBack();
  (await next)();
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
  expect(events.filter(({ type }) => type !== 'attempt')).toEqual([]);
  expect(events.length).toBeLessThan(10);
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
