import { connect } from 'node:net';

import { afterEach, expect, it } from 'vitest';

import { startCli, startProcess, type TestGateway } from '../support/gateway.js';
import { UserConnection } from '../support/operations.js';
import { until } from '../support/until.js';

const alice = { userId: 'alice', connectorSlug: 'slack' };
let gateway: TestGateway;
afterEach(() => gateway.close());

const signalGateway = (signal: NodeJS.Signals) => process.kill(gateway.pid ?? 0, signal);

it('serves every request for 5 s after SIGTERM while /ready returns 503, then closes the port and exits with 0', async () => {
  gateway = await startProcess({ XKIT_DRAIN_DELAY_MS: '' });
  expect((await gateway.fetch('/ready')).status).toBe(200);
  signalGateway('SIGTERM');
  const signalledAt = performance.now();
  await until(() => gateway.output().includes('"event":"drain-delay"'));
  const statuses = new Set<string>();
  let served = 0;
  while (performance.now() - signalledAt < 4_000) {
    const [answer, ready, health] = await Promise.all([
      gateway.send(UserConnection, alice),
      gateway.fetchAnonymously('/ready'),
      gateway.fetchAnonymously('/health'),
    ]);
    statuses.add([answer.data?.userConnection?.state, ready.status, health.status].join());
    // The client opens a new connection, perhaps to another replica.
    expect([answer, ready, health].map(({ headers }) => headers.get('connection'))).toEqual([
      'close',
      'close',
      'close',
    ]);
    served += 1;
  }
  expect([...statuses]).toEqual(['ACTIVE,503,200']);
  expect(served).toBeGreaterThan(20);

  expect(await gateway.ended).toBe(0);
  expect(performance.now() - signalledAt).toBeGreaterThan(4_900);
  expect(performance.now() - signalledAt).toBeLessThan(8_000);
  await expect(gateway.fetch('/health')).rejects.toThrow('fetch failed');
});

it('exits on SIGINT without a delay', async () => {
  gateway = await startProcess({ XKIT_DRAIN_DELAY_MS: '60000' });
  signalGateway('SIGINT');
  expect(await gateway.ended).toBe(0);
  expect(gateway.output()).not.toContain('"event":"drain-delay"');
});

it('stops dev on SIGTERM without a delay', async () => {
  const dev = startCli(['dev'], { PORT: '0', SANDBOX_PORT: '0', XKIT_DRAIN_DELAY_MS: '60000' });
  await dev.printed(/Ctrl\+C stops the gateway/);
  expect(await dev.stop()).toBe(0);
});

it.each(['SIGTERM', 'SIGINT'] as const)(
  'ends the delay after SIGTERM on %s, and finishes the in-flight operation',
  async (second) => {
    gateway = await startProcess({ XKIT_DRAIN_DELAY_MS: '60000' });
    signalGateway('SIGTERM');
    await until(() => gateway.output().includes('"event":"drain-delay"'));
    gateway.sandbox.faults.add({ delayMs: 500 });
    const inFlight = gateway.send(UserConnection, alice);
    await until(() => gateway.sandbox.requests.entries.length === 1);
    signalGateway(second);
    expect((await inFlight).data?.userConnection?.state).toBe('ACTIVE');
    expect(await gateway.ended).toBe(0);
  },
);

it('exits immediately on a signal after the delay', async () => {
  gateway = await startProcess({ XKIT_DRAIN_DELAY_MS: '100' });
  gateway.sandbox.faults.add({ delayMs: Infinity });
  const inFlight = gateway.send(UserConnection, alice).catch(() => 'cut off');
  await until(() => gateway.sandbox.requests.entries.length === 1);
  signalGateway('SIGTERM');
  await until(() => gateway.output().includes('"event":"stopping"'));
  signalGateway('SIGINT');
  expect(await gateway.ended).toBe(1);
  expect(await inFlight).toBe('cut off');
});

it('finishes the in-flight operation, closes idle and unused sockets, and exits with 0', async () => {
  gateway = await startProcess();
  const { port } = new URL((await gateway.fetch('/health')).url);
  const neverUsed = connect(Number(port), '127.0.0.1');
  await new Promise((resolve) => neverUsed.once('connect', resolve));
  const closed = new Promise((resolve) => neverUsed.once('close', resolve));

  gateway.sandbox.faults.add({ delayMs: 1_500 });
  const inFlight = gateway.send(UserConnection, alice);
  await until(() => gateway.sandbox.requests.entries.length === 1);
  process.kill(gateway.pid ?? 0, 'SIGTERM');

  const { data } = await inFlight;
  expect(data?.userConnection?.state).toBe('ACTIVE');
  expect(await gateway.ended).toBe(0);
  await closed;
});

it('answers a late request on an open connection with 503 SHUTTING_DOWN', async () => {
  gateway = await startProcess();
  const { port } = new URL((await gateway.fetch('/health')).url);
  const late = connect(Number(port), '127.0.0.1').setEncoding('utf8');
  await new Promise((resolve) => late.once('connect', resolve));
  // Half a request keeps the connection in use.
  late.write('POST /graphql HTTP/1.1\r\nhost: localhost\r\n');

  gateway.sandbox.faults.add({ delayMs: 1_500 });
  const inFlight = gateway.send(UserConnection, alice);
  await until(() => gateway.sandbox.requests.entries.length === 1);
  process.kill(gateway.pid ?? 0, 'SIGTERM');
  await until(() => gateway.output().includes('"event":"stopping"'));
  const ready = await gateway.fetch('/ready');
  expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close']);

  late.write('content-length: 0\r\n\r\n');
  let answer = '';
  for await (const chunk of late) answer += chunk;
  expect(answer).toMatch(/^HTTP\/1\.1 503 /);
  expect(answer).toMatch(/\r\nconnection: close\r\n/i);
  expect(JSON.parse(/\{.*\}/.exec(answer)?.[0] ?? '')).toEqual({
    errors: [
      {
        message: 'This gateway is shutting down.',
        extensions: { code: 'SHUTTING_DOWN', retryable: true, retryAfterMs: 1_000, requestId: expect.any(String) },
      },
    ],
  });
  await inFlight;
  expect(await gateway.ended).toBe(0);
});

it('exits immediately on a second signal', async () => {
  gateway = await startProcess();
  gateway.sandbox.faults.add({ delayMs: Infinity });
  const inFlight = gateway.send(UserConnection, alice).catch(() => 'cut off');
  await until(() => gateway.sandbox.requests.entries.length === 1);
  process.kill(gateway.pid ?? 0, 'SIGTERM');
  await until(() => gateway.output().includes('"event":"stopping"'));
  process.kill(gateway.pid ?? 0, 'SIGTERM');
  expect(await gateway.ended).toBe(1);
  expect(await inFlight).toBe('cut off');
});
