import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createSandbox, type ListeningSandbox, SANDBOX_CREDENTIALS } from '../../src/sandbox/index.js';
import { diagnose } from '../support/doctor.js';
import { findFreePort } from '../support/free-port.js';
import { startCli, startProcess, type TestGateway } from '../support/gateway.js';
import { listenLocally } from '../support/listen.js';
import { UserConnection } from '../support/operations.js';
import { writePolicyFile } from '../support/policy.js';

const tunnels: string[] = [];
const sockets = new Set<Socket>();

/** A proxy that opens every requested tunnel, and records its target. */
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

it('connects to the platform through the proxy in HTTP_PROXY', async () => {
  tunnels.length = 0;
  await ask({ HTTP_PROXY: proxyUrl });
  expect(tunnels).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+$/)]);
});

it('connects to the platform directly if NO_PROXY lists it', async () => {
  tunnels.length = 0;
  await ask({ HTTP_PROXY: proxyUrl, NO_PROXY: '127.0.0.1' });
  expect(tunnels).toEqual([]);
});

describe('query and doctor', () => {
  let sandbox: ListeningSandbox;
  let policy: ReturnType<typeof writePolicyFile>;
  let environment: Record<string, string>;
  beforeAll(async () => {
    sandbox = await createSandbox().listen();
    policy = writePolicyFile();
    environment = {
      XKIT_PUBLISHABLE_KEY: SANDBOX_CREDENTIALS.publishableKey,
      XKIT_SECRET_KEY: SANDBOX_CREDENTIALS.secretKey,
      XKIT_API_URL: sandbox.apiUrl,
      XKIT_CATALOG_URL: sandbox.url,
      XKIT_POLICY_FILE: policy.path,
      PORT: '0',
    };
  });
  afterAll(async () => {
    await sandbox.close();
    policy.remove();
  });

  it('sends the requests of both commands through the proxy', async () => {
    tunnels.length = 0;
    const query = startCli(['query', 'slack', '--user', 'alice'], { ...environment, HTTP_PROXY: proxyUrl });
    expect([await query.ended, query.output()]).toEqual([0, expect.stringContaining('ACTIVE')]);
    expect(tunnels).toHaveLength(1);
    const { checks } = await diagnose({ ...environment, HTTP_PROXY: proxyUrl });
    expect(checks['platform-proxy']?.found).toEqual([
      `Requests to 127.0.0.1 go through the proxy at ${new URL(proxyUrl).host}, unless NO_PROXY exempts them.`,
    ]);
    expect([checks['platform-key']?.result, checks['platform-dns']]).toEqual(['ok', undefined]);
    expect(tunnels).toHaveLength(3);
  });

  it('reports that the proxy cannot be reached', async () => {
    const { checks } = await diagnose({ ...environment, HTTP_PROXY: `http://127.0.0.1:${await findFreePort()}` });
    const { result, found } = checks['platform-proxy'] ?? {};
    expect([result, found]).toEqual(['warning', [expect.stringMatching(/^No server listens at 127\.0\.0\.1:\d+\.$/)]]);
    expect(checks['platform-key']?.result).toBe('failed');
  });

  it('refuses an invalid proxy URL, and does not print its password', async () => {
    const cli = startCli(['query', 'slack', '--user', 'alice'], { ...environment, HTTPS_PROXY: 'user:canary@proxy:1' });
    expect(await cli.ended).toBe(2);
    expect(cli.output()).toContain('HTTPS_PROXY must be the URL of a proxy such as http://proxy.example.com:3128');
    expect(cli.output()).not.toContain('canary');
  });
});
