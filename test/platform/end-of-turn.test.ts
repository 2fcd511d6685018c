import { once } from 'node:events';
import { createServer, connect } from 'node:net';
import { setImmediate as endOfTurn } from 'node:timers/promises';

import { expect, onTestFinished, test } from 'vitest';

import { createEndOfTurn } from '../../src/platform/end-of-turn.js';

test('runs all callbacks of one turn together, in order, and never synchronously', async () => {
  const atEndOfTurn = createEndOfTurn();
  const seen: string[] = [];
  atEndOfTurn(() => {
    seen.push('first');
    queueMicrotask(() => seen.push('what the first one set off'));
  });
  await Promise.resolve();
  atEndOfTurn(() => seen.push('second'));
  expect(seen).toEqual([]);
  await endOfTurn();
  expect(seen).toEqual(['first', 'second', 'what the first one set off']);
});

test('runs a callback in the next turn if another callback adds it', async () => {
  const atEndOfTurn = createEndOfTurn();
  const seen: string[] = [];
  atEndOfTurn(() => {
    atEndOfTurn(() => seen.push('late'));
    seen.push('early');
  });
  await endOfTurn();
  expect(seen).toEqual(['early']);
  await endOfTurn();
  expect(seen).toEqual(['early', 'late']);
});

test('runs a callback from a network event before any timer', async () => {
  const server = createServer((socket) => socket.end('x')).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const seen: string[] = [];
  const atEndOfTurn = createEndOfTurn();
  const socket = connect((server.address() as { port: number }).port, '127.0.0.1');
  socket.once('data', () => {
    setTimeout(() => seen.push('timer'));
    atEndOfTurn(() => seen.push('answer'));
  });
  await once(socket, 'close');
  await expect.poll(() => seen).toEqual(['answer', 'timer']);
});
