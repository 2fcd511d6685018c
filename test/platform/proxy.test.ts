import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { startProcess, type TestGateway } from '../support/gateway.js';
import { listenLocally } from '../support/listen.js';
import { UserConnection } from '../support/operations.js';

const tunnels: string[] = [];
const sockets = new Set<Socket>();

/** A proxy that opens a tunnel to wherever it is asked to, and notes where that is. */
const proxy = createServer();
proxy.on('connect', ({ url = '' }: IncomingMessage, client: Socket) => {
  tunnels.push(url);
  const [host, port] = url.split(':');
  const platform = connect(Number(port), host);
  for (const socket of [client, platform]) {
    sockets.add(socket);
    socket.on('error', () => undefined);
  }
  platform.once('connect', () => {
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    client.pipe(platform).pipe(client);
  });
});
let proxyUrl: string;
beforeAll(async () => {
  proxyUrl = `http://127.0.0.1:${await listenLocally(proxy)}`;
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  proxy.close();
  await once(proxy, 'close');
});

async function ask(environment: Record<string, string>): Promise<TestGateway> {
  const gateway = await startProcess(environment);
  const { data } = await gateway.send(UserConnection, { userId: 'alice', connectorSlug: 'slack' });
  expect(data?.userConnection?.state).toBe('ACTIVE');
  await gateway.close();
  return gateway;
}

it('asks the platform by the proxy that the standard variables name', async () => {
  tunnels.length = 0;
  await ask({ HTTP_PROXY: proxyUrl });
  expect(tunnels).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+$/)]);
});

it('asks the platform directly where NO_PROXY names it', async () => {
  tunnels.length = 0;
  await ask({ HTTP_PROXY: proxyUrl, NO_PROXY: '127.0.0.1' });
  expect(tunnels).toEqual([]);
});
