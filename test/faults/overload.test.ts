import { afterEach, expect, it } from 'vitest';

import { ask, connectUsers, startResilient } from '../support/faults.js';
import type { TestGateway } from '../support/gateway.js';
import { until } from '../support/until.js';

let gateway: TestGateway;
afterEach(() => gateway.close());

/** Asks for `/health` again and again until told to stop, and gives the longest time that an answer took. */
async function probe(done: AbortSignal): Promise<number> {
  let longest = 0;
  while (!done.aborted) {
    const startedAt = performance.now();
    expect((await gateway.fetchAnonymously('/health')).status).toBe(200);
    longest = Math.max(longest, performance.now() - startedAt);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return longest;
}

it.each([
  ['serves', {}],
  ['sheds', { XKIT_MAX_OPERATIONS: '300' }],
  ['sheds by its queue', { XKIT_MAX_SOCKETS: '50', XKIT_MAX_QUEUE: '100' }],
])(
  '%s 800 requests at once on a platform of 500 ms, and answers for its health throughout',
  async (what, environment) => {
    gateway = await startResilient(environment);
    const users = connectUsers(gateway, 'crowd', 800);
    await Promise.all(users.slice(0, 20).map((user) => ask(gateway, user)));
    gateway.sandbox.faults.add({ delayMs: 500, times: Infinity });
    const done = new AbortController();
    const longest = probe(done.signal);
    const outcomes = await Promise.all(users.map((user) => ask(gateway, user)));
    done.abort();
    const served = outcomes.filter(({ state }) => state === 'ACTIVE').length;
    const shed = outcomes.filter(({ code }) => code === 'OVERLOADED').length;
    expect(served + shed).toBe(800);
    expect(served).toBeGreaterThan(100);
    if (what !== 'serves') expect(shed).toBeGreaterThan(0);
    expect(await longest).toBeLessThan(250);
    gateway.sandbox.faults.clear();
    expect((await ask(gateway, 'alice')).state).toBe('ACTIVE');
  },
);

it('finishes 20 of 20 operations in flight on SIGTERM, and ends within 0.5 s of the last', async () => {
  gateway = await startResilient();
  const users = connectUsers(gateway, 'last', 20);
  gateway.sandbox.faults.add({ delayMs: 1_000, times: Infinity });
  const inFlight = users.map((user) => ask(gateway, user));
  await until(() => gateway.sandbox.requests.entries.length === 20);
  process.kill(gateway.pid ?? 0, 'SIGTERM');
  await until(() => gateway.output().includes('"event":"stopping"'));
  await expect(gateway.fetchAnonymously('/ready')).rejects.toThrow('fetch failed');
  const outcomes = await Promise.all(inFlight);
  const answeredAt = performance.now();
  expect(outcomes.every(({ state }) => state === 'ACTIVE')).toBe(true);
  expect(await gateway.ended).toBe(0);
  expect(performance.now() - answeredAt).toBeLessThan(500);
});
