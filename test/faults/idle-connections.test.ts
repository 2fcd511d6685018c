import { expect, it } from 'vitest';

import { type Client, HEALTH, OPERATION, QUERY, startForConnections } from '../support/connections.js';
import { ask } from '../support/faults.js';
import { KEYS } from '../support/policy.js';
import { until } from '../support/until.js';

const PAGE = `GET /graphql HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\nauthorization: Basic ${btoa(`:${KEYS.bff}`)}\r\n\r\n`;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it('closes the oldest idle connections without a credential from 80 % of 128 file descriptors on', async () => {
  const { gateway, open } = await startForConnections({ XKIT_GRAPHIQL: 'on', XKIT_INTROSPECTION: 'on' }, 128);
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
  const { clients, open } = await startForConnections({}, 256);
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
  const { gateway, open } = await startForConnections({}, 128);
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
