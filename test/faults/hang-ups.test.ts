import { readdirSync } from 'node:fs';

import { print } from 'graphql';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { ask, connectUsers, printFigure, startResilient } from '../support/faults.js';
import type { TestGateway } from '../support/gateway.js';
import { UserConnection } from '../support/operations.js';
import { KEYS } from '../support/policy.js';
import { postJson } from '../support/post-json.js';
import { until } from '../support/until.js';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startResilient();
});
afterEach(() => gateway.close());

const lookups = () => gateway.sandbox.requests.entries.length;
const descriptors = () => readdirSync(`/proc/${gateway.pid}/fd`).length;

/** Reads a user's connection to Slack, and disconnects when the signal aborts. */
function askUntil(hangUp: AbortSignal, userId: string, key: string = KEYS.bff): Promise<unknown> {
  const body = { query: print(UserConnection), variables: { userId, connectorSlug: 'slack' } };
  const init = { ...postJson(body, { authorization: `Bearer ${key}` }), signal: hangUp };
  return gateway.fetchAnonymously('/graphql', init).then(
    (response) => response.json(),
    () => 'hung up',
  );
}

it('closes the platform sockets of 100 clients within 1 s after they disconnect, retries none of their lookups, and serves the other clients', async () => {
  const users = connectUsers(gateway, 'leaving', 100);
  await ask(gateway, 'alice');
  const before = descriptors();
  gateway.sandbox.faults.add({ delayMs: 3_000, times: 101 });
  const hangUp = new AbortController();
  const left = users.map((user) => askUntil(hangUp.signal, user));
  const staying = ask(gateway, 'carol');
  // This client stays, and reads the same connection as a client that disconnects.
  const sharing = ask(gateway, users[0] ?? '');
  await until(() => lookups() === 102);
  hangUp.abort();
  expect(new Set(await Promise.all(left))).toEqual(new Set(['hung up']));
  const hungUpAt = performance.now();
  await until(() => (gateway.platformSockets?.() ?? 0) <= 3);
  const closedMs = performance.now() - hungUpAt;
  printFigure(`100 hung up: their sockets closed within ${Math.round(closedMs)} ms`);
  expect(closedMs).toBeLessThan(1_000);
  expect([(await staying).state, (await sharing).state]).toEqual(['ACTIVE', 'ACTIVE']);
  expect(lookups()).toBe(102);
  await until(() => descriptors() <= before + 5);
});

it('sends one platform request for 50 simultaneous callers of one connection, and another one for the next caller', async () => {
  gateway.sandbox.faults.add({ delayMs: 300 });
  const never = new AbortController().signal;
  const keys = [KEYS.bff, KEYS.browser, KEYS.statusPage, KEYS.bob, 'xkgk_nonesuch'];
  const answers = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => ({
      key: keys[index % keys.length],
      answer: JSON.stringify(await askUntil(never, 'alice', keys[index % keys.length])),
    })),
  );
  expect(lookups()).toBe(1);
  // A caller that may not read the token does not get it from the shared request.
  for (const { key, answer } of answers) {
    const mayRead = key === KEYS.bff || key === KEYS.browser;
    expect([key, answer.includes('sandbox-alice-slack-1-token-1')]).toEqual([key, mayRead]);
  }
  await ask(gateway, 'alice');
  expect(lookups()).toBe(2);
});

it('shares a failure with the waiters, and does not cache it', async () => {
  gateway.sandbox.faults.add({ status: 401, delayMs: 200 });
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => ask(gateway, 'alice')));
  expect(new Set(outcomes.map(({ code }) => code))).toEqual(new Set(['PLATFORM_AUTH_FAILED']));
  expect(lookups()).toBe(1);
  expect((await ask(gateway, 'alice')).state).toBe('ACTIVE');
});

it('does not use an earlier request for a lookup with a rejected token', async () => {
  gateway.sandbox.faults.add({ delayMs: 500 });
  const earlier = ask(gateway, 'alice');
  await until(() => lookups() === 1);
  const rejectedTokenFingerprint = '0123456789abcdef';
  await gateway.send(UserConnection, { userId: 'alice', connectorSlug: 'slack', rejectedTokenFingerprint });
  expect(lookups()).toBe(2);
  await earlier;
});

it('sends a platform request for each lookup if sharing is switched off', async () => {
  const alone = await startResilient({ XKIT_SINGLE_FLIGHT: 'off' });
  alone.sandbox.faults.add({ delayMs: 200, times: 10 });
  await Promise.all(Array.from({ length: 10 }, () => ask(alone, 'alice')));
  expect(alone.sandbox.requests.entries).toHaveLength(10);
  await alone.close();
});
