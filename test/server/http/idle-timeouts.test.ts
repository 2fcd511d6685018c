import { Agent, get, type IncomingMessage } from 'node:http';

import { expect, it } from 'vitest';

import { HEALTH, OPERATION, startForConnections } from '../../support/connections.js';
import { until } from '../../support/until.js';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it('serves a request on a connection that was idle for 5 to 7 s, as load balancers send it', async () => {
  const { open } = await startForConnections({ XKIT_TIMEOUT_MS: '500' });
  const statuses = await Promise.all(
    Array.from({ length: 40 }, async (_, index) => {
      const { send } = await open();
      const first = await send(OPERATION);
      await pause(4_900 + index * 60);
      return [first, await send(OPERATION)];
    }),
  );
  expect(statuses).toEqual(Array.from({ length: 40 }, () => ['200', '200']));
});

it('lets a client reuse its connection for 75 s', async () => {
  const { port } = await startForConnections();
  const agent = new Agent({ keepAlive: true });
  const request = () =>
    new Promise<[IncomingMessage, boolean]>((resolve, reject) => {
      const sent = get({ port, agent, path: '/health' }, (response) => {
        response.resume().once('end', () => resolve([response, sent.reusedSocket]));
      }).once('error', reject);
    });
  const [first] = await request();
  expect(first.headers['keep-alive']).toBe('timeout=75');
  await pause(6_500);
  const [, isReused] = await request();
  expect(isReused).toBe(true);
  agent.destroy();
});

it('closes a connection whose first or second request does not arrive within 5 s', async () => {
  const { open } = await startForConnections();
  const startedAt = performance.now();
  const silent = await open();
  const [unfinished, second] = [await open(), await open()];
  expect(await second.send(HEALTH)).toBe('200');
  const statuses = Promise.all([unfinished.send('GET /hea'), second.send('GET /hea')]);
  // Each byte is traffic, but does not complete the request.
  const drip = setInterval(() => second.socket.write('x'), 200);
  expect(await statuses).toEqual(['408', '408']);
  clearInterval(drip);
  await until(() => [silent, unfinished, second].every(({ isClosed }) => isClosed()));
  expect(performance.now() - startedAt).toBeGreaterThan(4_500);
  expect(performance.now() - startedAt).toBeLessThan(8_000);
});
