import { afterEach, expect, it } from 'vitest';

import { ask, connectUsers, printFigure, startResilient } from '../support/faults.js';
import type { TestGateway } from '../support/gateway.js';
import { until } from '../support/until.js';

let gateway: TestGateway;
afterEach(() => gateway.close());

it('sends at most 1.2 attempts for each request while the platform is down, and recovers within 5 s after it', async () => {
  gateway = await startResilient();
  const users = connectUsers(gateway, 'outage', 200);
  gateway.sandbox.faults.add({ status: 503, times: Infinity });
  // The first requests use up the retry budget.
  await Promise.all(users.slice(0, 50).map((user) => ask(gateway, user)));
  const before = gateway.sandbox.requests.entries.length;
  for (let round = 0; round < 5; round += 1) {
    const outcomes = await Promise.all(users.map((user) => ask(gateway, user)));
    expect(new Set(outcomes.map(({ code }) => code))).toEqual(new Set(['PLATFORM_UNAVAILABLE']));
  }
  const attempts = gateway.sandbox.requests.entries.length - before;
  printFigure(`an outage: ${attempts} attempts for ${5 * users.length} requests`);
  expect(attempts / (5 * users.length)).toBeLessThanOrEqual(1.2);
  expect(await readiness()).toEqual([200, { status: 'ready', platform: 'down' }]);
  // The gateway refuses immediately, and returns the time after which a retry is useful.
  const refused = await ask(gateway, 'alice');
  expect(refused.ms).toBeLessThan(500);
  expect(refused.retryAfterMs).toBeLessThanOrEqual(2_000);

  gateway.sandbox.faults.clear();
  const backAt = performance.now();
  await untilServed('alice');
  const backMs = performance.now() - backAt;
  printFigure(`back ${Math.round(backMs)} ms after the platform`);
  expect(backMs).toBeLessThan(5_000);
  expect(await readiness()).toEqual([200, { status: 'ready', platform: 'up' }]);
  expect(gateway.output()).toContain('"event":"platform-down"');
  expect(gateway.output()).toContain('"event":"platform-up"');
});

it('logs the cause of an outage, and of each failed probe', async () => {
  gateway = await startResilient();
  gateway.sandbox.faults.add({ status: 503, times: Infinity });
  const users = connectUsers(gateway, 'cause', 20);
  await Promise.all(users.map((user) => ask(gateway, user)));
  expect(gateway.output()).toContain('"event":"platform-down","cause":"HTTP 503"');
  gateway.sandbox.faults.clear();
  gateway.sandbox.faults.add({ disconnect: 'before-response', times: Infinity });
  await until(async () => {
    await Promise.all(users.map((user) => ask(gateway, user)));
    return /"event":"platform-probe-failed","cause":"(?:UND_ERR_SOCKET|ECONNRESET)"/.test(gateway.output());
  });
});

it('considers a hanging platform down, even if an operation has less time than an attempt', async () => {
  gateway = await startResilient({ XKIT_TIMEOUT_MS: '500' });
  gateway.sandbox.faults.add({ delayMs: Infinity, times: Infinity });
  await Promise.all(connectUsers(gateway, 'hung', 20).map((user) => ask(gateway, user)));
  expect(await readiness()).toEqual([200, { status: 'ready', platform: 'down' }]);
});

it('does not consider the platform down if it fails for only one owner', async () => {
  gateway = await startResilient();
  gateway.sandbox.faults.add({ ownerId: 'bob', status: 500, times: Infinity });
  for (let round = 0; round < 20; round += 1) expect((await ask(gateway, 'bob')).code).toBe('PLATFORM_UNAVAILABLE');
  expect((await ask(gateway, 'alice')).state).toBe('ACTIVE');
  expect(await readiness()).toEqual([200, { status: 'ready', platform: 'up' }]);
});

it('recovers within 5 s after a platform that hung, even if a probe still hangs', async () => {
  gateway = await startResilient({ XKIT_ATTEMPT_TIMEOUT_MS: '5000', XKIT_TIMEOUT_MS: '5000' });
  gateway.sandbox.faults.add({ delayMs: Infinity, times: Infinity });
  await Promise.all(connectUsers(gateway, 'hung', 20).map((user) => ask(gateway, user)));
  // A probe that hangs.
  await new Promise((resolve) => setTimeout(resolve, 2_100));
  const probe = ask(gateway, 'carol');
  await until(() => gateway.sandbox.requests.entries.length >= 20);
  gateway.sandbox.faults.clear();
  const backAt = performance.now();
  await untilServed('alice');
  expect(performance.now() - backAt).toBeLessThan(5_000);
  await probe;
});

it('starts while the platform is down, and serves lookups when it is up', async () => {
  gateway = await startResilient();
  gateway.sandbox.faults.add({ disconnect: 'before-response', times: Infinity });
  expect((await ask(gateway, 'alice')).code).toBe('PLATFORM_UNAVAILABLE');
  gateway.sandbox.faults.clear();
  await untilServed('alice');
});

async function untilServed(userId: string): Promise<void> {
  while ((await ask(gateway, userId)).state !== 'ACTIVE') await new Promise((resolve) => setTimeout(resolve, 50));
}

async function readiness() {
  const response = await gateway.fetchAnonymously('/ready');
  return [response.status, await response.json()];
}
