import { connect, type Socket } from 'node:net';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { ask, printFigure, startResilient } from '../support/faults.js';
import type { TestGateway } from '../support/gateway.js';
import { KEYS } from '../support/policy.js';
import { until } from '../support/until.js';

let gateway: TestGateway;
let port: number;
beforeEach(async () => {
  gateway = await startResilient({ XKIT_MAX_OPERATIONS: '50' });
  port = Number(new URL((await gateway.fetch('/health')).url).port);
});
afterEach(() => gateway.close());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function open(text: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(text);
  return socket;
}

it('does not count the pipelined requests of a closed connection', async () => {
  for (let round = 0; round < 10; round += 1) {
    const socket = await open('GET /graphql HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(40));
    await pause(5);
    socket.destroy();
  }
  await pause(200);
  expect((await ask(gateway, 'alice')).state).toBe('ACTIVE');
});

it('closes the connection of a client that does not read its responses, and serves other clients', async () => {
  await gateway.close();
  gateway = await startResilient({ XKIT_MAX_OPERATIONS: '1', XKIT_TIMEOUT_MS: '500' });
  port = Number(new URL((await gateway.fetch('/health')).url).port);
  const ids = Array.from({ length: 40 }, (_, index) => `i${index}: id`).join(' ');
  const lists = Array.from({ length: 10 }, (_, index) => `c${index}: connections(keys: $keys) { ${ids} }`).join(' ');
  const keys = Array.from({ length: 100 }, (_, index) => ({
    ownerKind: 'USER',
    ownerId: String(index).padEnd(256, 'x'),
    connectorSlug: 'slack',
  }));
  const body = JSON.stringify({ query: `query ($keys: [ConnectionKey!]!) { ${lists} }`, variables: { keys } });
  const request = `POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${KEYS.bff}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const deaf = (await open(request)).pause();
  // The gateway refuses the later of two simultaneous operations, so this one must arrive first.
  await pause(500);
  const startedAt = performance.now();
  await until(async () => (await ask(gateway, 'alice')).state === 'ACTIVE');
  printFigure(`served ${Math.round(performance.now() - startedAt)} ms after others stopped reading their answers`);
  expect(performance.now() - startedAt).toBeLessThan(8_000);
  deaf.destroy();
});

it('closes a connection that sends requests without waiting for responses', async () => {
  gateway.sandbox.faults.add({ delayMs: 2_000, times: Infinity });
  const query = JSON.stringify({ query: '{ userConnection(userId: "alice", connectorSlug: "slack") { state } }' });
  const request = `POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${KEYS.bff}\r\nContent-Type: application/json\r\nContent-Length: ${query.length}\r\n\r\n${query}`;
  const socket = await open(request.repeat(11));
  await new Promise((resolve) => socket.once('close', resolve));
  expect((await ask(gateway, 'carol')).ms).toBeLessThan(5_000);
});

it('serves other clients while many send their bodies slowly, and ends the slow requests after 5 s', async () => {
  const head = `POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${KEYS.bff}\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{`;
  const slow = await Promise.all(Array.from({ length: 60 }, () => open(head)));
  const answers = slow.map(
    (socket) =>
      new Promise<string>((resolve) => socket.setEncoding('latin1').once('data', (data) => resolve(String(data)))),
  );
  const startedAt = performance.now();
  await pause(1_200);
  expect((await ask(gateway, 'alice')).state).toBe('ACTIVE');
  // The first 50 get 408. The gateway refused the others immediately with 503.
  const statuses = (await Promise.all(answers)).map((answer) => answer.slice(9, 12));
  expect(new Set(statuses)).toEqual(new Set(['408', '503']));
  expect(statuses.filter((status) => status === '408').length).toBeGreaterThanOrEqual(50);
  expect(performance.now() - startedAt).toBeLessThan(8_000);
});
