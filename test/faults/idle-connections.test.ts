import { Agent, get, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';

import { afterEach, expect, it } from 'vitest';

import { ask } from '../support/faults.js';
import { startProcess, type TestGateway } from '../support/gateway.js';
import { KEYS } from '../support/policy.js';
import { until } from '../support/until.js';

const HEALTH = 'GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n';
const QUERY = JSON.stringify({ query: '{ userConnection(userId: "alice", connectorSlug: "slack") { state } }' });
const OPERATION = `POST /graphql HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${KEYS.bff}\r\ncontent-type: application/json\r\ncontent-length: ${QUERY.length}\r\n\r\n${QUERY}`;
const PAGE = `GET /graphql HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\nauthorization: Basic ${btoa(`:${KEYS.bff}`)}\r\n\r\n`;

let gateway: TestGateway;
let port: number;
const clients: Client[] = [];
afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.destroy();
  await gateway.close();
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts a gateway as a process with this many file descriptors. */
async function start(environment: Record<string, string> = {}, descriptors = 4_096): Promise<void> {
  gateway = await startProcess(environment, {}, ['sh', '-c', `ulimit -n ${descriptors}; exec "$@"`, 'sh']);
  port = Number(new URL((await gateway.fetch('/health', { headers: { connection: 'close' } })).url).port);
}

/** A connection to the gateway. */
interface Client {
  readonly socket: Socket;
  readonly isClosed: () => boolean;
  /** Sends a request, and returns the status of its response, or null if the connection is closed first. */
  send(request: string): Promise<string | null>;
}

async function open(): Promise<Client> {
  const socket = connect(port, '127.0.0.1')
    .on('error', () => undefined)
    .resume();
  let isClosed = false;
  socket.once('close', () => (isClosed = true));
  const ended = new Promise<null>((resolve) => socket.once('close', () => resolve(null)));
  await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), ended]);
  const client: Client = {
    socket,
    isClosed: () => isClosed,
    send: (request) => {
      const status = new Promise<string>((resolve) =>
        socket.once('data', (data) => resolve(data.toString('latin1').slice(9, 12))),
      );
      socket.write(request);
      return Promise.race([status, ended]);
    },
  };
  clients.push(client);
  return client;
}

it('serves a request on a connection that was idle for 5 to 7 s, as load balancers send it', async () => {
  await start({ XKIT_TIMEOUT_MS: '500' });
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
  await start();
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
  await start();
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

it('closes the oldest idle connections without a credential from 80 % of 128 file descriptors on', async () => {
  await start({ XKIT_GRAPHIQL: 'on', XKIT_INTROSPECTION: 'on' }, 128);
  const [caller, browser] = [await open(), await open()];
  expect(await caller.send(OPERATION)).toBe('200');
  expect(await browser.send(PAGE)).toBe('200');
  const strangers: Client[] = [];
  for (let count = 0; count < 40; count += 1) {
    strangers.push(await open());
    expect(await strangers.at(-1)?.send(HEALTH)).toBe('200');
  }
  // They are less than 80 %, with the other file descriptors of a new process.
  await pause(1_500);
  expect(strangers.filter(({ isClosed }) => isClosed())).toEqual([]);

  for (let count = 0; count < 160; count += 1) {
    strangers.push(await open());
    expect(await strangers.at(-1)?.send(HEALTH)).toBe('200');
  }
  await until(() => strangers.slice(0, 100).every(({ isClosed }) => isClosed()));
  const closed = strangers.map(({ isClosed }) => isClosed());
  expect(closed).toEqual(closed.toSorted((a, b) => Number(b) - Number(a)));
  const left = closed.filter((isClosed) => !isClosed).length;
  expect(left).toBeGreaterThan(50);
  expect(left).toBeLessThan(128 * 0.8);

  // These connections are the oldest, but they carried credentials.
  expect(await caller.send(OPERATION)).toBe('200');
  expect(await browser.send(HEALTH)).toBe('200');
  expect((await ask(gateway, 'alice')).state).toBe('ACTIVE');
});

it('lets ten new callers connect at the same moment while known callers use over 80 % of 256 file descriptors', async () => {
  await start({}, 256);
  const withoutLookup = OPERATION.replace('{ state }', '{ id    }');
  for (let count = 0; count < 190; count += 1) expect(await (await open()).send(withoutLookup)).toBe('200');
  await pause(1_500);
  const callers = await Promise.all(Array.from({ length: 10 }, () => open()));
  await pause(100);
  const statuses = await Promise.all(callers.map(({ send }) => send(withoutLookup)));
  expect(statuses).toEqual(Array.from({ length: 10 }, () => '200'));
  expect(clients.filter(({ isClosed }) => isClosed())).toEqual([]);
});

it.each([
  ['nothing', ''],
  ['half a request', 'POST /graphql HTTP/1.1\r\nhost: localhost\r\n'],
  ['a request without a credential', HEALTH],
  ['a request with an unknown credential', OPERATION.replace(KEYS.bff, 'xkgk_unknown')],
])('serves new callers of a process with 128 file descriptors while 400 strangers send %s', async (_, text) => {
  await start({}, 128);
  const states: (string | null)[] = [];
  for (let round = 0; round < 8; round += 1) {
    const strangers = await Promise.all(Array.from({ length: 50 }, () => open()));
    for (const { socket } of strangers) socket.write(text);
    const response = await gateway.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: QUERY,
    });
    const { data } = (await response.json()) as { data: { userConnection: { state: string } } };
    states.push(data.userConnection.state);
  }
  expect(states).toEqual(Array.from({ length: 8 }, () => 'ACTIVE'));
});
