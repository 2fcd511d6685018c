import { connect } from 'node:net';

import { afterEach, expect, it } from 'vitest';

import { startProcess, type TestGateway } from '../support/gateway.js';
import { UserConnection } from '../support/operations.js';
import { until } from '../support/until.js';

const alice = { userId: 'alice', connectorSlug: 'slack' };
let gateway: TestGateway;
afterEach(() => gateway.close());

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
