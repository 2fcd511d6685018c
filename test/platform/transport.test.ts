import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, it } from 'vitest';

import { Aborter } from '../../src/platform/signal.js';
import { createTransport } from '../../src/platform/transport.js';

it('sends nothing, and opens no connection, for whoever has left before it came to that', async () => {
  let connections = 0;
  const server = createServer((_, response) => response.end('{}')).on('connection', () => (connections += 1));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const transport = createTransport(origin, 1);
  const send = (signal: Aborter) =>
    (transport.fetch as unknown as (request: object, init: object) => Promise<{ status: number }>)(
      { url: `${origin}/connections/alice/slack`, signal },
      { headers: new transport.Headers() },
    );
  const left = new Aborter();
  left.abort();
  await expect(send(left)).rejects.toThrow('Nobody waits');
  expect(connections).toBe(0);
  expect((await send(new Aborter())).status).toBe(200);
  expect(connections).toBe(1);
  await transport.close();
  server.close();
});
