import { connect, createServer } from 'node:net';

import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';

import { connectOnce } from '../../../src/server/auth/rate-limit.js';
import { startProcess, type TestGateway } from '../../support/gateway.js';
import { listenLocally } from '../../support/listen.js';
import { KeyOnly } from '../../support/operations.js';
import { KEYS, POLICY, writePolicyFile } from '../../support/policy.js';
import { createRedis, type TestRedis } from '../../support/redis.js';
import { until } from '../../support/until.js';

const PASSWORD = 'canary-redis-password';
const alice = { userId: 'alice', connectorSlug: 'slack' };

let redis: TestRedis;
const gateways: TestGateway[] = [];
const policy = writePolicyFile({
  callers: POLICY.callers.map((caller) => ({
    ...caller,
    operationsPerMinute: caller.id === 'status-page' ? 3 : undefined,
  })),
});
beforeAll(async () => {
  redis = await createRedis(PASSWORD);
});
afterEach(async () => {
  await Promise.all(gateways.splice(0).map((gateway) => gateway.close()));
  await redis.stop();
});
afterAll(() => policy.remove());

async function startLimited(environment: Record<string, string> = {}): Promise<TestGateway> {
  const gateway = await startProcess({ XKIT_POLICY_FILE: policy.path, XKIT_RATE_LIMIT: '5', ...environment });
  gateways.push(gateway);
  return gateway;
}

/** Sends operations one after the other, and returns the statuses of the responses. */
async function send(gateway: TestGateway, key: string, count: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let index = 0; index < count; index += 1) {
    statuses.push((await gateway.send(KeyOnly, alice, { authorization: `Bearer ${key}` })).status);
  }
  return statuses;
}

const passed = (count: number) => Array.from({ length: count }, () => 200);
const refused = (count: number) => Array.from({ length: count }, () => 429);

it('applies a separate limit to each caller, and returns RATE_LIMITED above it', async () => {
  const gateway = await startLimited();
  expect(await send(gateway, KEYS.bff, 7)).toEqual([...passed(5), ...refused(2)]);
  expect(await send(gateway, KEYS.statusPage, 4)).toEqual([...passed(3), ...refused(1)]);
  expect(await send(gateway, KEYS.bob, 1)).toEqual(passed(1));
  // Requests with an unknown key do not count against another caller's limit.
  expect(await send(gateway, 'xkgk_nonesuch', 10)).toEqual(Array.from({ length: 10 }, () => 401));
  expect(await send(gateway, KEYS.bob, 1)).toEqual(passed(1));

  const { errors, headers } = await gateway.send(KeyOnly, alice, { authorization: `Bearer ${KEYS.bff}` });
  const { code, retryable, retryAfterMs } = errors[0]?.extensions ?? {};
  expect([code, retryable]).toEqual(['RATE_LIMITED', true]);
  expect(retryAfterMs).toBeGreaterThan(0);
  expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  expect(headers.get('retry-after')).toBe(String(Math.ceil(Number(retryAfterMs) / 1_000)));
  expect(gateway.output()).toContain('"caller":"bff","msg":"rate-limited: bff"');
});

it('counts the operations of all replicas together if they share a Redis', async () => {
  await redis.start();
  const [first, second] = await Promise.all([
    startLimited({ XKIT_REDIS_URL: redis.url }),
    startLimited({ XKIT_REDIS_URL: redis.url }),
  ]);
  // Until Redis is ready, each replica counts separately.
  await until(() => [first, second].every((gateway) => gateway.output().includes('"event":"redis-ready"')));
  expect(await send(first, KEYS.bff, 3)).toEqual(passed(3));
  expect(await send(second, KEYS.bff, 3)).toEqual([...passed(2), ...refused(1)]);
  expect(await send(first, KEYS.bff, 1)).toEqual(refused(1));
  expect(await send(first, KEYS.bob, 1)).toEqual(passed(1));
});

it('counts in the replica while Redis is unavailable, and in Redis again afterwards', async () => {
  const gateway = await startLimited({ XKIT_REDIS_URL: redis.url });
  await until(() => gateway.output().includes('"event":"redis-away"'));
  expect(await send(gateway, KEYS.bff, 7)).toEqual([...passed(5), ...refused(2)]);
  await redis.start();
  await until(() => gateway.output().includes('"event":"redis-ready"'));
  expect(await send(gateway, KEYS.bob, 6)).toEqual([...passed(5), ...refused(1)]);
  await redis.stop();
  await until(() => gateway.output().split('"event":"redis-away"').length === 3);
  expect(await send(gateway, KEYS.browser, 6)).toEqual([...passed(5), ...refused(1)]);
  expect(gateway.output()).not.toContain(PASSWORD);
});

it('counts in the replica while Redis hangs, and makes at most one operation per second wait for Redis', async () => {
  await redis.start();
  const gateway = await startLimited({ XKIT_REDIS_URL: redis.url });
  const timesReady = () => gateway.output().split('"event":"redis-ready"').length - 1;
  await until(() => timesReady() === 1);
  redis.signal('SIGSTOP');
  const startedAt = performance.now();
  expect(await send(gateway, KEYS.bff, 24)).toEqual([...passed(5), ...refused(19)]);
  // If each operation had waited 250 ms, all together would have taken 6 s.
  expect(performance.now() - startedAt).toBeLessThan(4_500);
  expect(gateway.output().split('"event":"redis-away","reason":"late"').length - 1).toBe(1);
  redis.signal('SIGCONT');
  await until(async () => {
    await send(gateway, KEYS.bob, 1);
    return timesReady() === 2;
  });
});

it('logs the error code of a Redis that cannot count, and counts in the replica', async () => {
  await redis.start();
  const gateway = await startLimited({ XKIT_REDIS_URL: redis.url });
  await until(() => gateway.output().includes('"event":"redis-ready"'));
  const client = await connectOnce(redis.url);
  await client.connect();
  await client.config('SET', 'min-replicas-to-write', '1');
  expect(await send(gateway, KEYS.bff, 6)).toEqual([...passed(5), ...refused(1)]);
  expect(gateway.output()).toContain('"event":"redis-away","reason":"NOREPLICAS"');
  await client.config('SET', 'min-replicas-to-write', '0');
  expect(await send(gateway, KEYS.bob, 1)).toEqual(passed(1));
  expect(gateway.output().split('"event":"redis-ready"').length - 1).toBe(2);
  client.disconnect();
});

it('reconnects after a failover, and counts in the new primary', async () => {
  await redis.start();
  const successor = await createRedis(PASSWORD);
  await successor.start();
  // Like a name or a virtual address: it leads new connections to the current primary.
  let primary = redis.port;
  const address = createServer((socket) => {
    const upstream = connect(primary, '127.0.0.1');
    socket.on('error', () => upstream.destroy()).pipe(upstream);
    upstream.on('error', () => socket.destroy()).pipe(socket);
  });
  const port = await listenLocally(address);
  const [first, second] = await Promise.all(
    [1, 2].map(() => startLimited({ XKIT_REDIS_URL: `redis://:${PASSWORD}@127.0.0.1:${port}` })),
  );
  if (!first || !second) throw new Error('There must be two gateways.');
  const timesReady = (gateway: TestGateway) => gateway.output().split('"event":"redis-ready"').length - 1;
  await until(() => [first, second].every((gateway) => timesReady(gateway) === 1));

  const client = await connectOnce(redis.url);
  await client.connect();
  await client.replicaof('127.0.0.1', String(successor.port));
  // The previous primary is still behind the address: the connection comes back, but counts nothing.
  expect(await send(first, KEYS.statusPage, 4)).toEqual([...passed(3), ...refused(1)]);
  expect(first.output()).toContain('"event":"redis-away","reason":"READONLY"');
  await until(async () => Number(/total_connections_received:(\d+)/.exec(await client.info('stats'))?.[1]) > 3);
  expect(timesReady(first)).toBe(1);

  primary = successor.port;
  for (const gateway of [first, second]) {
    await until(async () => {
      await send(gateway, KEYS.browser, 1);
      return timesReady(gateway) === 2;
    });
  }
  expect(await send(first, KEYS.bff, 3)).toEqual(passed(3));
  expect(await send(second, KEYS.bff, 3)).toEqual([...passed(2), ...refused(1)]);
  client.disconnect();
  await Promise.all(gateways.splice(0).map((gateway) => gateway.close()));
  address.close();
  await successor.stop();
});
