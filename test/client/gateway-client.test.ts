import { createServer, type RequestListener } from 'node:http';
import { afterAll, expect, it, onTestFinished } from 'vitest';

import {
  ConnectionStatesDocument,
  ConnectionUnavailable,
  createGatewayClient,
  listConnections,
  requireAccessToken,
  UserConnectionDocument,
} from '../../src/client/index.js';
import { createLoad } from '../../src/server/http/load.js';
import { findFreePort } from '../support/free-port.js';
import { startInProcess, type TestGateway } from '../support/gateway.js';
import { listenLocally } from '../support/listen.js';
import { KEYS } from '../support/policy.js';

const gateway = await startInProcess();
afterAll(() => gateway.close());

const addressOf = async ({ fetch: open }: TestGateway) => (await open('/health')).url.replace('/health', '/graphql');
const keys = [{ ownerKind: 'USER' as const, ownerId: 'alice', connectorSlug: 'slack' }];
const HTML = '<html><body>502 Bad Gateway canary-body</body></html>';

/** Starts a server that stands in front of a gateway, or in its place. Returns its address. */
async function startServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  const port = await listenLocally(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${port}/graphql`;
}

/** Starts a server that always sends one response. */
const respondWith = (status: number, headers: Record<string, string>, body: string) =>
  startServer((_request, response) => void response.writeHead(status, headers).end(body));

/** Requests one state and one token. Returns the errors that the two functions make of the failure. */
async function failAt(url: string, timeoutMs?: number, credentials: string = KEYS.bff) {
  const { send } = createGatewayClient({ url, credentials, timeoutMs });
  const answer = await send(ConnectionStatesDocument, { keys });
  const [listed] = listConnections(keys, answer);
  const thrown: unknown = await send(UserConnectionDocument, { userId: 'alice', connectorSlug: 'slack' })
    .then(({ data, errors }) => requireAccessToken(data?.userConnection, errors))
    .catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(ConnectionUnavailable);
  expect({ ...listed?.error, requestId: null }).toEqual({ ...(thrown as object), requestId: null });
  const printed = [answer, listed?.error, String(listed?.error), thrown, String(thrown)].map((value) =>
    JSON.stringify(value),
  );
  for (const secret of [credentials, 'canary-body', '127.0.0.1']) expect(printed.join('')).not.toContain(secret);
  const { code, retryable, retryAfterMs, message } = thrown as ConnectionUnavailable;
  return { code, retryable, retryAfterMs, message };
}

const UNREACHABLE = {
  code: 'GATEWAY_UNAVAILABLE',
  retryable: true,
  retryAfterMs: undefined,
  message: 'The gateway cannot be reached at the moment.',
};

it('returns a retryable error if the gateway is down', async () => {
  expect(await failAt(`http://127.0.0.1:${await findFreePort()}/graphql`)).toEqual(UNREACHABLE);
});

it('returns a retryable error if the connection breaks before or in the response', async () => {
  expect(await failAt(await startServer(({ socket }) => void socket.destroy()))).toEqual(UNREACHABLE);
  const url = await startServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
    response.write('{"data":', () => response.destroy());
  });
  expect(await failAt(url)).toEqual(UNREACHABLE);
});

it('returns a retryable error if the gateway does not respond in time, or not completely', async () => {
  const timeout = {
    code: 'GATEWAY_TIMEOUT',
    retryable: true,
    retryAfterMs: undefined,
    message: 'The gateway did not respond in time.',
  };
  expect(await failAt(await startServer(() => undefined), 50)).toEqual(timeout);
  expect(await failAt(await startServer((_request, response) => void response.write('{')), 50)).toEqual(timeout);
});

it.each<[string, number, Record<string, string>, string, object]>([
  [
    'the HTML page of a balancer',
    502,
    { 'retry-after': '30' },
    HTML,
    {
      code: 'GATEWAY_UNAVAILABLE',
      retryable: true,
      retryAfterMs: 30_000,
      message: 'The gateway cannot be reached at the moment. HTTP status: 502.',
    },
  ],
  ['the JSON of a balancer', 503, {}, '{"message":"canary-body"}', { code: 'GATEWAY_UNAVAILABLE', retryable: true }],
  ['a 429 without a body', 429, {}, '', { code: 'GATEWAY_UNAVAILABLE', retryable: true, retryAfterMs: undefined }],
  [
    'a web page',
    200,
    {},
    HTML,
    {
      code: 'GATEWAY_BAD_RESPONSE',
      retryable: false,
      message: 'The response is not a GraphQL response. HTTP status: 200.',
    },
  ],
  ['a 404 of another server', 404, {}, '{"data":{}}', { code: 'GATEWAY_BAD_RESPONSE', retryable: false }],
  ['neither data nor errors', 200, {}, '{"data":null}', { code: 'GATEWAY_BAD_RESPONSE', retryable: false }],
  ['an empty list of errors', 200, {}, '{"errors":[]}', { code: 'GATEWAY_BAD_RESPONSE', retryable: false }],
  ['errors without messages', 400, {}, '{"errors":["x"]}', { code: 'GATEWAY_BAD_RESPONSE', retryable: false }],
  ['JSON that is not an object', 200, {}, '"canary-body"', { code: 'GATEWAY_BAD_RESPONSE', retryable: false }],
  [
    'an error of a router that says only with HTTP when to retry',
    503,
    { 'retry-after': '2' },
    '{"errors":[{"message":"busy","extensions":{"code":"REQUEST_CONCURRENCY_LIMITED"}}]}',
    { code: 'REQUEST_CONCURRENCY_LIMITED', retryable: true, retryAfterMs: 2_000, message: 'busy' },
  ],
  [
    'an error with its own facts, beside a malformed header',
    503,
    { 'retry-after': 'soon' },
    '{"errors":[{"message":"no","extensions":{"code":"X","retryable":false}}]}',
    { code: 'X', retryable: false, retryAfterMs: undefined },
  ],
])('interprets %s', async (_name, status, headers, body, expected) => {
  expect(await failAt(await respondWith(status, headers, body))).toMatchObject(expected);
});

it('reads the date of Retry-After, and ignores a date in the past', async () => {
  const readAt = async (time: number) => {
    const url = await respondWith(503, { 'retry-after': new Date(time).toUTCString() }, HTML);
    const { errors } = await createGatewayClient({ url, credentials: KEYS.bff }).send(ConnectionStatesDocument, {
      keys,
    });
    return errors[0]?.extensions?.['retryAfterMs'];
  };
  const retryAfterMs = await readAt(Date.now() + 600_000);
  expect(retryAfterMs).toBeGreaterThan(0);
  expect(retryAfterMs).toBeLessThanOrEqual(600_000);
  expect(await readAt(0)).toBeUndefined();
});

it('does not follow a redirect, which would receive the key', async () => {
  const received: unknown[] = [];
  const target = await startServer((request, response) => {
    received.push(request.headers.authorization);
    response.end();
  });
  const url = await respondWith(307, { location: target }, '');
  expect(await failAt(url)).toMatchObject({ code: 'GATEWAY_BAD_RESPONSE', retryable: false });
  expect(received).toEqual([]);
});

it('passes on the code and the retry time with which the gateway refuses an operation', async () => {
  const limited = await startInProcess({ handler: { rateLimit: async () => 1_500 } });
  onTestFinished(() => limited.close());
  const rateLimited = { code: 'RATE_LIMITED', retryable: true, retryAfterMs: 1_500 };
  expect(await failAt(await addressOf(limited))).toMatchObject(rateLimited);

  // Every number of operations is too high.
  const load = createLoad(-1, Infinity);
  const overloaded = await startInProcess({ handler: { load } });
  onTestFinished(() => overloaded.close());
  const busy = { code: 'OVERLOADED', retryable: true, retryAfterMs: 1_000 };
  expect(await failAt(await addressOf(overloaded))).toMatchObject(busy);

  const url = await addressOf(gateway);
  expect(await failAt(url, undefined, 'xkgk_unknown')).toMatchObject({ code: 'UNAUTHENTICATED', retryable: false });
});

it('passes on the error of one connection beside the data of the others', async () => {
  gateway.sandbox.faults.add({ status: 401, ownerId: 'bob' });
  const { send } = createGatewayClient({ url: await addressOf(gateway), credentials: KEYS.bff });
  const both = [...keys, { ownerKind: 'USER' as const, ownerId: 'bob', connectorSlug: 'slack' }];
  const { data, errors } = await send(ConnectionStatesDocument, { keys: both });
  expect(data?.connections.map((connection) => connection?.state)).toEqual(['ACTIVE', undefined]);
  expect(errors).toMatchObject([
    { path: ['connections', 1], extensions: { code: 'PLATFORM_AUTH_FAILED', retryable: false } },
  ]);
});

it('tells frameworks that extend fetch not to cache the response', async () => {
  const inits: (RequestInit | undefined)[] = [];
  const record: typeof fetch = (target, init) => {
    inits.push(init);
    return fetch(target, init);
  };
  const { send } = createGatewayClient({ url: await addressOf(gateway), credentials: KEYS.bff, fetch: record });
  expect((await send(ConnectionStatesDocument, { keys })).errors).toEqual([]);
  expect(inits).toMatchObject([{ method: 'POST', cache: 'no-store', redirect: 'manual' }]);
});

it.each(['secret\n', 'Bearer secret', '', 'sécret'])('refuses the credentials %j without repeating them', (secret) => {
  const create = () => createGatewayClient({ url: 'http://127.0.0.1/graphql', credentials: secret });
  expect(create).toThrow('credentials must be a service key or a JSON Web Token, without spaces or line breaks.');
});

it.each(['/graphql', 'ftp://127.0.0.1/graphql', 'http://name:secret@127.0.0.1/graphql', 'http://secret@127.0.0.1/'])(
  'refuses the address %s without repeating it',
  (url) => {
    const create = () => createGatewayClient({ url, credentials: KEYS.bff });
    expect(create).toThrow('url must be an http or https URL without a user name and a password.');
  },
);

it.each([0, 1.5, Number.NaN, 2 ** 31])('refuses a timeout of %d ms', (timeoutMs) => {
  const create = () => createGatewayClient({ url: 'http://127.0.0.1/graphql', credentials: KEYS.bff, timeoutMs });
  expect(create).toThrow('timeoutMs must be an integer from 1 to 2147483647.');
});
