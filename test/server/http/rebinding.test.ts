import { request } from 'node:http';
import { connect } from 'node:net';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { type RunningCli, startCli } from '../../support/gateway.js';

// The demo keys are public, so a page would only need to reach the server.
let dev: RunningCli;
let url: string;
beforeAll(async () => {
  dev = startCli(['dev'], { PORT: '0', SANDBOX_PORT: '0' });
  [, url] = await dev.printed(/GraphQL +(\S+)/);
});
afterAll(() => dev.stop());

/** Requests a token like a page whose domain name resolves to this machine. */
async function askAs(host: string): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { host, 'content-type': 'application/json', authorization: 'Bearer xkgk_demo_bff' };
    const sent = request(url, { method: 'POST', headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk) => (body += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode, body }));
    });
    sent.on('error', reject);
    sent.end(
      JSON.stringify({
        query: '{ userConnection(userId: "alice", connectorSlug: "slack") { authorization { accessToken } } }',
      }),
    );
  });
}

it.each([
  'evil.example',
  'evil.example:4000',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  'evil.localhost',
  '10.0.0.1',
  '[::ffff:10.0.0.1]',
])('refuses a request for the host %s', async (host) => {
  const { status, body } = await askAs(host);
  expect(status).toBe(421);
  expect(body).toBe('This server accepts only a loopback host in the Host header.\n');
  expect(dev.output()).not.toContain('sandbox: GET');
});

it("serves the sandbox's overview at the printed URL, but not for another host name", async () => {
  const [, overview] = await dev.printed(/Sandbox +(http:\S+) in a browser/);
  const statusAs = (host: string) =>
    new Promise((resolve, reject) => {
      const sent = request(overview, { headers: { host } }, (response) => resolve(response.resume().statusCode));
      sent.on('error', reject).end();
    });
  expect([await statusAs('evil.example'), await statusAs('localhost')]).toEqual([421, 200]);
});

it.each(['localhost:4000', '127.0.0.1', '[::1]:4000'])('executes an operation for the host %s', async (host) => {
  expect((await askAs(host)).status).toBe(200);
});

it.each(['a b', '[', '127.0.0.1:99999', '127.0.0.1:-1', 'localhost, evil.example', 'me@localhost'])(
  'returns 400 and no details for the malformed host %j',
  async (host) => {
    expect(await askAs(host)).toEqual({ status: 400, body: 'The request line or the Host header is malformed.\n' });
  },
);

it.each([
  ['http://evil.example/graphql', 421],
  ['http://localhost:4000@evil.example/graphql', 400],
  ['ftp://localhost/graphql', 400],
  ['*', 400],
  ['//evil.example/graphql', 400],
])('refuses the request target %s with %i', async (target, status) => {
  const { port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1').setEncoding('utf8');
  socket.write(`GET ${target} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  expect(answer.slice(0, 13)).toBe(`HTTP/1.1 ${status} `);
  expect(answer).not.toContain('at ');
});
