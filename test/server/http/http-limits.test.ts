import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';

import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { type HttpServer, listen } from '../../../src/server/http/listen.js';
import { createLoad } from '../../../src/server/http/load.js';

let server: HttpServer;
let limits: string[];
let responses: ServerResponse[];
beforeEach(async () => {
  limits = [];
  responses = [];
  const load = createLoad(Infinity, Infinity, (limit) => limits.push(limit));
  // Never responds, like a gateway with a slow platform.
  const handle = (_: unknown, response: ServerResponse) => void responses.push(response);
  const options = { host: '127.0.0.1', port: 0, portVariable: 'PORT', isLoopbackOnly: false, drainMs: 6_500, load };
  server = await listen(handle, options);
});
afterEach(async () => {
  vi.useRealTimers();
  for (const response of responses) response.socket?.destroy();
  await server.close();
});

/** Sends bytes on a new connection, and returns all that it receives until the server closes it. */
function send(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('latin1').on('data', (text) => (received += String(text)));
    socket.on('error', () => undefined).once('close', () => resolve(received));
  });
}

const head = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\n';
const complete = `${head}Content-Length: 0\r\n\r\n`;
const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n`;

it.each([
  [
    'header-length',
    `${head}Authorization: Bearer ${'x'.repeat(20_000)}\r\n\r\n`,
    '431 Request Header Fields Too Large',
  ],
  ['chunk-extension-length', `${chunked}1;${'x'.repeat(20_000)}\r\n`, '413 Payload Too Large'],
  ['arrival-time', `${head}Content-Length: 5\r\n\r\nabc`, '408 Request Timeout'],
])('reports the limit %s, and closes the connection with the status that Node sends', async (limit, bytes, status) => {
  expect(await send(bytes)).toBe(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
  expect(limits).toEqual([limit]);
});

it('reports a connection that is silent during a request', async () => {
  expect(await send(complete)).toBe('');
  expect(limits).toEqual(['silence']);
});

it('reports a connection that pipelines more than 10 requests', async () => {
  expect(await send(complete.repeat(11))).toBe('');
  expect(limits).toEqual(['pipelined-requests']);
});

it('reports a request that takes longer than 60 s', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const closed = send(complete);
  await vi.waitFor(() => expect(responses).toHaveLength(1));
  vi.advanceTimersByTime(60_000);
  expect(await closed).toBe('');
  expect(limits).toEqual(['duration']);
});

it('sends 400 and reports no limit if the bytes are not HTTP', async () => {
  expect(await send('SSH-2.0-OpenSSH_9.2p1\r\n')).toBe('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  expect(limits).toEqual([]);
});

it('sends no second response if a body breaks after the response has begun', async () => {
  const received = send(`${chunked}1\r\na\r\n`);
  await vi.waitFor(() => expect(responses).toHaveLength(1));
  responses[0]?.writeHead(200, { 'content-length': '100' }).write('begun');
  expect(await received).toMatch(/begun$/);
  expect(limits).toEqual(['arrival-time']);
});

it('passes on every header of a request, however many there are', async () => {
  void send(`${head}${'a:\r\n'.repeat(2_500)}Authorization: Bearer second\r\nContent-Length: 0\r\n\r\n`);
  await vi.waitFor(() => expect(responses).toHaveLength(1));
  expect(responses[0]?.req.rawHeaders).toContain('Authorization');
});
