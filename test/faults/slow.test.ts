import { describe, expect, it, onTestFinished } from 'vitest';

import type { Fault } from '../../src/sandbox/index.js';
import { ask, connectUsers, printFigure, quantile, startResilient } from '../support/faults.js';
import type { TestGateway } from '../support/gateway.js';
import { until } from '../support/until.js';

async function start(): Promise<TestGateway> {
  const gateway = await startResilient();
  onTestFinished(() => gateway.close());
  return gateway;
}

describe.concurrent('a slow platform', () => {
  it.each<[string, Fault]>([
    ['never answers', { delayMs: Infinity }],
    ['stalls in the middle of a body', { dripMs: Infinity }],
    ['sends one byte every 300 ms', { dripMs: 300 }],
  ])('causes a timeout within 8 s, and loses its socket within another 1 s, if it %s', async (what, fault) => {
    const gateway = await start();
    gateway.sandbox.faults.add(fault);
    const { code, ms } = await ask(gateway, 'alice');
    expect(code).toBe('PLATFORM_TIMEOUT');
    expect(ms).toBeLessThan(8_000);
    const answeredAt = performance.now();
    await until(() => gateway.platformSockets?.() === 0);
    const closedMs = performance.now() - answeredAt;
    printFigure(`${what}: given up after ${Math.round(ms)} ms, its socket closed after ${Math.round(closedMs)} more`);
    expect(closedMs).toBeLessThan(1_000);
  });
});

it('waits for a platform that takes two seconds', async () => {
  const gateway = await start();
  gateway.sandbox.faults.add({ delayMs: 2_000 });
  expect((await ask(gateway, 'alice')).state).toBe('ACTIVE');
});

it('does not delay other lookups while the lookups of 80 users hang, or 20 % take a second', async () => {
  const gateway = await start();
  const healthy = connectUsers(gateway, 'healthy', 400);
  const measure = async () => {
    const times: number[] = [];
    const lanes = Array.from({ length: 4 }, async (_, lane) => {
      for (const user of healthy.filter((__, index) => index % 4 === lane)) {
        const { state, ms } = await ask(gateway, user);
        expect(state).toBe('ACTIVE');
        times.push(ms);
      }
    });
    await Promise.all(lanes);
    return times;
  };
  await measure();
  const alone = await measure();

  const hanging = connectUsers(gateway, 'hanging', 80);
  for (const ownerId of hanging) gateway.sandbox.faults.add({ ownerId, delayMs: Infinity, times: Infinity });
  const before = gateway.sandbox.requests.entries.length;
  const stuck = Promise.all(hanging.map((user) => ask(gateway, user)));
  await until(() => (gateway.platformSockets?.() ?? 0) >= 80);
  const besideHanging = await measure();
  const addedMs = quantile(besideHanging, 0.95) - quantile(alone, 0.95);
  printFigure(
    `p95 beside 80 that hang: ${addedMs.toFixed(1)} ms more than ${quantile(alone, 0.95).toFixed(1)} ms alone`,
  );
  expect(addedMs).toBeLessThan(50);
  expect(gateway.sandbox.requests.entries.length).toBeGreaterThan(before);
  expect(new Set((await stuck).map(({ code }) => code))).toEqual(new Set(['PLATFORM_TIMEOUT']));

  gateway.sandbox.faults.clear();
  const slow = connectUsers(gateway, 'slow', 100);
  for (const ownerId of slow) gateway.sandbox.faults.add({ ownerId, delayMs: 1_000, times: Infinity });
  const late = Promise.all(slow.map((user) => ask(gateway, user)));
  const besideSlow = await measure();
  printFigure(`p99 beside 20 % that take a second: ${quantile(besideSlow, 0.99).toFixed(1)} ms`);
  expect(quantile(besideSlow, 0.99)).toBeLessThan(150);
  expect(new Set((await late).map(({ state }) => state))).toEqual(new Set(['ACTIVE']));
});
