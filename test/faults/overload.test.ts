import { fork } from 'node:child_process';
import { once } from 'node:events';

import { afterEach, expect, it } from 'vitest';

import { ask, connectUsers, printFigure, startResilient } from '../support/faults.js';
import type { TestGateway } from '../support/gateway.js';
import { until } from '../support/until.js';

let gateway: TestGateway;
afterEach(() => gateway.close());

/** Requests `/health` repeatedly from another process, because this one is busy with the operations. */
async function startProbe(): Promise<() => Promise<{ longestMs: number; failed: number }>> {
  const { url } = await gateway.fetchAnonymously('/health');
  const probe = fork('test/support/probe.js', [url]);
  await once(probe, 'message');
  return async () => {
    probe.send('stop');
    const [result] = (await once(probe, 'message')) as [{ longestMs: number; failed: number }];
    return result;
  };
}

it.each([
  ['serves', {}],
  ['sheds', { XKIT_MAX_OPERATIONS: '100' }],
  ['sheds by its queue', { XKIT_MAX_SOCKETS: '50', XKIT_MAX_QUEUE: '50' }],
])(
  '%s while 800 simultaneous requests need a platform that takes 500 ms, and answers /health throughout',
  async (what, environment) => {
    gateway = await startResilient(environment);
    const users = connectUsers(gateway, 'crowd', 800);
    await Promise.all(users.slice(0, 20).map((user) => ask(gateway, user)));
    gateway.sandbox.faults.add({ delayMs: 500, times: Infinity });
    const stopProbe = await startProbe();
    const outcomes = await Promise.all(users.map((user) => ask(gateway, user)));
    const { longestMs, failed } = await stopProbe();
    const served = outcomes.filter(({ state }) => state === 'ACTIVE').length;
    const shed = outcomes.filter(({ code }) => code === 'OVERLOADED').length;
    printFigure(`800 at once: ${served} served, ${shed} shed, /health within ${Math.round(longestMs)} ms`);
    expect(served + shed).toBe(800);
    expect(served).toBeGreaterThan(50);
    if (what !== 'serves') expect(shed).toBeGreaterThan(0);
    if (what === 'sheds') await until(() => gateway.output().includes('"event":"overloaded"'));
    expect(failed).toBe(0);
    expect(longestMs).toBeLessThan(250);
    gateway.sandbox.faults.clear();
    expect((await ask(gateway, 'alice')).state).toBe('ACTIVE');
  },
);

it('finishes all 20 in-flight operations on SIGTERM, and exits within 0.5 s after the last one', async () => {
  gateway = await startResilient();
  const users = connectUsers(gateway, 'last', 20);
  gateway.sandbox.faults.add({ delayMs: 1_000, times: Infinity });
  const inFlight = users.map((user) => ask(gateway, user));
  await until(() => gateway.sandbox.requests.entries.length === 20);
  process.kill(gateway.pid ?? 0, 'SIGTERM');
  await until(() => gateway.output().includes('"event":"stopping"'));
  expect((await gateway.fetchAnonymously('/ready')).status).toBe(503);
  const outcomes = await Promise.all(inFlight);
  const answeredAt = performance.now();
  expect(outcomes.every(({ state }) => state === 'ACTIVE')).toBe(true);
  expect(await gateway.ended).toBe(0);
  const endedMs = performance.now() - answeredAt;
  printFigure(`ended ${Math.round(endedMs)} ms after the last of 20 answers`);
  expect(endedMs).toBeLessThan(500);
});
