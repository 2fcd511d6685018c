import { connect } from 'node:net';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { type RunningCli, startCli, startProcess, type TestGateway } from '../../support/gateway.js';
import { KEYS } from '../../support/policy.js';

const BODY = JSON.stringify({ query: '{ userConnection(userId: "alice", connectorSlug: "slack") { state } }' });
const OPERATION = `content-type: application/json\r\ncontent-length: ${BODY.length}\r\n`;

let gateway: TestGateway;
let dev: RunningCli;
let devUrl: string;
const ports: Record<string, number> = {};
beforeAll(async () => {
  gateway = await startProcess({ XKIT_METRICS_PORT: '0' });
  ports['gateway'] = Number(new URL((await gateway.fetch('/health')).url).port);
  ports['metrics'] = Number(/Metrics at http:\S+:(\d+)\/metrics/.exec(gateway.output())?.[1]);
  dev = startCli(['dev'], { PORT: '0', SANDBOX_PORT: '0' });
  [, devUrl] = await dev.printed(/GraphQL +(\S+)/);
  ports['dev'] = Number(new URL(devUrl).port);
});
afterAll(async () => {
  await gateway.close();
  await dev.stop();
});

/** Sends raw bytes, and returns the response once the server has closed the connection. */
async function send(port: number | undefined, text: string): Promise<{ status: number; head: string; body: string }> {
  const socket = connect(port ?? 0, '127.0.0.1').setEncoding('latin1');
  socket.write(text, 'latin1');
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  const [head = '', body = ''] = answer.split(/\r\n\r\n(.*)/s, 2);
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), head, body };
}

const post = (version: string, headers: string, key: string = KEYS.bff, target = '/graphql') =>
  `POST ${target} HTTP/${version}\r\n${headers}authorization: Bearer ${key}\r\nconnection: close\r\n${OPERATION}\r\n${BODY}`;

it.each([
  ['gateway', 'GET', '/health', 200],
  ['gateway', 'GET', '/ready', 200],
  ['metrics', 'GET', '/metrics', 200],
  ['gateway', 'OPTIONS', '/health', 200],
  ['gateway', 'OPTIONS', '/ready', 200],
  ['metrics', 'OPTIONS', '/metrics', 204],
  ['gateway', 'HEAD', '/health', 200],
  ['gateway', 'HEAD', '/ready', 200],
  ['metrics', 'HEAD', '/metrics', 200],
  ['dev', 'GET', '/health', 200],
  ['dev', 'OPTIONS', '/ready', 200],
  ['dev', 'GET', '/ready?full', 200],
])("answers HAProxy's plain health check: the %s port, %s %s", async (server, method, path, status) => {
  const answer = await send(ports[server], `${method} ${path} HTTP/1.0\r\n\r\n`);
  expect(answer.status).toBe(status);
  expect(answer.body === '').toBe(method === 'HEAD' || status === 204);
});

it('executes an operation without Host in HTTP/1.0, or with an empty Host, unless only a loopback host is allowed', async () => {
  expect(await send(ports['gateway'], post('1.0', ''))).toMatchObject({ status: 200 });
  expect(await send(ports['gateway'], post('1.1', 'host:\r\n'))).toMatchObject({ status: 200 });
  const key = 'xkgk_demo_bff';
  expect(await send(ports['dev'], post('1.1', 'host: localhost\r\n', key))).toMatchObject({ status: 200 });
  for (const [version, headers] of [
    ['1.0', ''],
    ['1.0', 'host:\r\n'],
    ['1.1', 'host:\r\n'],
  ] as const) {
    expect(await send(ports['dev'], post(version, headers, key))).toMatchObject({ status: 421 });
  }
  // A probe with the name of a foreign host is refused like any other request.
  expect(await send(ports['dev'], 'GET /health HTTP/1.0\r\nhost: evil.example\r\n\r\n')).toMatchObject({ status: 421 });
});

it('refuses a request without Host in HTTP/1.1', async () => {
  expect(await send(ports['gateway'], post('1.1', ''))).toMatchObject({ status: 400 });
});

it.each([
  ['a path', 'http://gateway.example/graphql', 200],
  ['a query', 'http://gateway.example:4000/graphql?a=b', 200],
  ['the scheme in upper case', 'HTTP://gateway.example/graphql', 200],
  ['https, from a proxy that terminates TLS', 'https://gateway.example/graphql', 200],
  ['no path', 'http://gateway.example', 404],
  ['only a query', 'http://gateway.example?/graphql', 404],
  ['no host', 'http:///graphql', 400],
  ['credentials', 'http://me@gateway.example/graphql', 400],
  ['two slashes', 'http://gateway.example//graphql', 400],
  ['another scheme', 'ftp://gateway.example/graphql', 400],
])('reads a request line with a whole URL, which has %s', async (_, target, status) => {
  expect(await send(ports['gateway'], post('1.1', 'host: localhost\r\n', KEYS.bff, target))).toMatchObject({ status });
});

it('prefers the host of the request line to Host where only a loopback host is allowed', async () => {
  const statusOf = async (target: string, host: string) =>
    (await send(ports['dev'], post('1.1', `host: ${host}\r\n`, 'xkgk_demo_bff', target))).status;
  expect(await statusOf('http://evil.example/graphql', 'localhost')).toBe(421);
  expect(await statusOf('http://localhost/graphql', 'localhost')).toBe(200);
});

it.each(['gateway', 'metrics', 'dev'])('answers OPTIONS * at the %s port', async (server) => {
  const text = 'OPTIONS * HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n';
  expect(await send(ports[server], text)).toMatchObject({ status: 204, body: '' });
  expect(await send(ports[server], text.replace('OPTIONS', 'GET'))).toMatchObject({ status: 400 });
});

it('returns 501 with the name of a transfer coding that it does not know', async () => {
  const chunked = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;
  const ask = (coding: string) =>
    send(
      ports['gateway'],
      `POST /graphql HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${KEYS.bff}\r\nconnection: close\r\n` +
        `content-type: application/json\r\ntransfer-encoding: ${coding}\r\n\r\n${chunked}`,
    );
  expect(await ask('Chunked')).toMatchObject({ status: 200 });
  const { status, body } = await ask('gzip, chunked');
  expect([status, body]).toEqual([501, expect.stringContaining('transfer coding \\"gzip, chunked\\"')]);
});

it.each([
  [
    'an upgrade to HTTP/2',
    'connection: Upgrade, HTTP2-Settings, close\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n',
  ],
  ['Expect', 'expect: 100-continue\r\n'],
  ['TE', 'te: trailers, deflate;q=0.5\r\n'],
  ['several spaces in Authorization', `authorization: bEARER   ${KEYS.bff}\r\n`],
])('executes an operation with %s', async (_, headers) => {
  const authorization = headers.startsWith('authorization') ? '' : `authorization: Bearer ${KEYS.bff}\r\n`;
  const text = `POST /graphql HTTP/1.1\r\nhost: localhost\r\n${authorization}${headers}connection: close\r\n${OPERATION}\r\n${BODY}`;
  const { head, body } = await send(ports['gateway'], text);
  expect(head + body).toMatch(/HTTP\/1\.1 200 OK[\s\S]*"state":"ACTIVE"/);
});
