import { createServer, type Server } from 'node:https';

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';

import { createCertificate, type TestCertificate } from '../support/certificate.js';
import { ask, startResilient } from '../support/faults.js';
import type { TestGateway } from '../support/gateway.js';
import { listenLocally } from '../support/listen.js';

let right: TestCertificate;
let wrongHost: TestCertificate;
beforeAll(() => {
  right = createCertificate('IP:127.0.0.1');
  wrongHost = createCertificate('DNS:platform.example.com');
});
afterAll(() => {
  right.remove();
  wrongHost.remove();
});

let platform: Server;
let gateway: TestGateway;
/** The decrypted data that the platform received: the number of connections with data, and the credentials. */
let received: { connections: number; credentials: string[] };
beforeEach(() => {
  received = { connections: 0, credentials: [] };
});
afterEach(async () => {
  await gateway.close();
  platform.closeAllConnections();
  await new Promise((resolve) => platform.close(resolve));
});

async function start({ key, cert }: TestCertificate, environment: Record<string, string> = {}) {
  platform = createServer({ key, cert }, ({ headers }, response) => {
    received.credentials.push(String(headers.authorization));
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(
        JSON.stringify({ connection: { id: 'c', enabled: false }, connector: { slug: 'slack' }, authorization: null }),
      );
  });
  platform.on('secureConnection', (socket) => socket.once('data', () => (received.connections += 1)));
  const port = await listenLocally(platform);
  gateway = await startResilient({ XKIT_API_URL: `https://127.0.0.1:${port}/api/platform`, ...environment });
}

it('sends lookups to a platform with a trusted certificate over one kept-alive connection', async () => {
  await start(right, { NODE_EXTRA_CA_CERTS: right.path, XKIT_MAX_SOCKETS: '1' });
  expect((await ask(gateway, 'alice')).state).toBe('NOT_ENABLED');
  expect((await ask(gateway, 'bob')).state).toBe('NOT_ENABLED');
  const basic = `Basic ${btoa('pk_sandbox:sk_sandbox')}`;
  expect(received).toEqual({ connections: 1, credentials: [basic, basic] });
});

it.each<[string, () => TestCertificate, () => Record<string, string>, string]>([
  ['is not trusted', () => right, () => ({}), 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  [
    'is of another host',
    () => wrongHost,
    () => ({ NODE_EXTRA_CA_CERTS: wrongHost.path }),
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ],
])('sends nothing to a platform whose certificate %s, and logs the reason', async (_, certificate, trust, reason) => {
  await start(certificate(), trust());
  const { code, ms } = await ask(gateway, 'alice');
  expect([code, received]).toEqual(['PLATFORM_UNAVAILABLE', { connections: 0, credentials: [] }]);
  expect(ms).toBeLessThan(2_000);
  expect(gateway.output()).toContain(`"reason":"${reason}"`);
});
