import { createServer } from 'node:http';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';

import type { ConnectionKey } from '../../src/domain/connection-key.js';
import { createUndiciTransport } from '../../src/platform/undici-transport.js';
import { createPlatformClient, type PlatformClientOptions } from '../../src/platform/client.js';
import { isPlatformError, PlatformError } from '../../src/platform/errors.js';
import { createSandbox, SANDBOX_CREDENTIALS } from '../../src/sandbox/index.js';
import { listenLocally } from '../support/listen.js';
import { until } from '../support/until.js';

const alice: ConnectionKey = { ownerKind: 'USER', ownerId: 'alice', connectorSlug: 'slack' };
const keys = { publishableKey: 'pk', secretKey: 'sk-canary' };

/** Creates a client that records its requests. Each response is a connection that is not enabled. */
function recordingClient(options: Partial<PlatformClientOptions> = {}) {
  const requests: Request[] = [];
  const client = createPlatformClient({
    ...keys,
    fetch: async (input, init) => {
      requests.push(new Request(input, init));
      return Response.json({ connection: { enabled: false } });
    },
    ...options,
  });
  return { client, requests };
}

it.each([
  ['connections', 'USER', '/connections/alice/slack'],
  ['connections', 'GROUP', '/groups/alice/connections/slack'],
  ['users', 'USER', '/users/alice/connections/slack'],
  ['users', 'GROUP', '/groups/alice/connections/slack'],
  ['contexts', 'USER', '/contexts/alice/connections/slack'],
  ['contexts', 'GROUP', '/contexts/alice/connections/slack'],
] as const)('sends the request of generation %s for a %s to %s', async (generation, ownerKind, path) => {
  const { client, requests } = recordingClient({ generation });
  await client.readConnection({ ...alice, ownerKind });
  expect(requests.map(({ method, url }) => [method, url])).toEqual([
    ['GET', `https://app.xkit.co/api/platform${path}`],
  ]);
});

it('sends requests to the configured root URL and paths', async () => {
  const { client, requests } = recordingClient({
    apiUrl: 'https://xkit.example.com/v9/',
    paths: { user: '/u/{user_id}/c/{connector_slug}' },
  });
  await client.readConnection(alice);
  await client.readConnection({ ...alice, ownerKind: 'GROUP' });
  expect(requests.map(({ url }) => url)).toEqual([
    'https://xkit.example.com/v9/u/alice/c/slack',
    'https://xkit.example.com/v9/groups/alice/connections/slack',
  ]);
});

it('sends Basic credentials in UTF-8, accepts JSON, and does not follow redirects', async () => {
  const { client, requests } = recordingClient({ publishableKey: 'pk-ü', secretKey: 'sk:with:colons-💡' });
  await client.readConnection(alice);
  const [request] = requests;
  const encoded = request?.headers.get('authorization')?.replace(/^Basic /, '') ?? '';
  expect(Buffer.from(encoded, 'base64').toString('utf8')).toBe('pk-ü:sk:with:colons-💡');
  expect(request?.headers.get('accept')).toBe('application/json');
  expect(request?.redirect).toBe('manual');
});

it('encodes every valid id and slug as one path segment, and sends no request for an invalid one', async () => {
  const segment = fc.oneof(
    fc.constantFrom(
      '.',
      '..',
      '...',
      '%2e%2e',
      'a/../b',
      'a?b',
      'a#b',
      '\\',
      '//',
      ' ',
      'ä',
      '',
      '\ud800',
      'a\u0000',
      'a\n',
    ),
    fc.string({ unit: 'binary', maxLength: 70 }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
  );
  let sent = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(segment, segment, async (ownerId, connectorSlug) => {
      const { client, requests } = recordingClient();
      const error = await client.readConnection({ ownerKind: 'USER', ownerId, connectorSlug }).then(
        () => null,
        (reason: Error) => reason,
      );
      if (error) {
        refused += 1;
        expect(error.name).toBe('InvalidInputError');
        expect(requests).toEqual([]);
        return;
      }
      sent += 1;
      const segments = new URL(requests[0]?.url ?? '').pathname.split('/').map(decodeURIComponent);
      expect(segments).toEqual(['', 'api', 'platform', 'connections', ownerId, connectorSlug]);
    }),
    { numRuns: 1_500 },
  );
  expect(sent).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(100);
});

it('aborts the in-flight request when the signal aborts, and sends no request after that', async () => {
  const seen: AbortSignal[] = [];
  const { client } = recordingClient({
    fetch: (_input, init) =>
      new Promise((_resolve, reject) => {
        const signal = init?.signal as AbortSignal;
        seen.push(signal);
        signal.throwIfAborted();
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  });
  const controller = new AbortController();
  const reading = client.readConnection(alice, { signal: controller.signal });
  await until(() => seen.length === 1);
  controller.abort();
  await expect(reading).rejects.toMatchObject({ code: 'PLATFORM_TIMEOUT' });
  await expect(client.readConnection(alice, { signal: controller.signal })).rejects.toMatchObject({
    code: 'PLATFORM_TIMEOUT',
  });
  expect(seen.map(({ aborted }) => aborted)).toEqual([true]);
});

it('drops the message, cause and credentials of a transport error', async () => {
  const { client } = recordingClient({
    fetch: async () => {
      throw new TypeError('fetch failed for https://app.xkit.co with Basic cGs6c2stY2FuYXJ5 and sk-canary');
    },
  });
  const error = await client.readConnection(alice).catch((reason: unknown) => reason);
  expect(isPlatformError(error)).toBe(true);
  expect(error).toMatchObject({ code: 'PLATFORM_UNAVAILABLE', message: 'The connection to the Platform API failed.' });
  expect((error as Error).cause).toBeUndefined();
  expect(JSON.stringify(Object.getOwnPropertyDescriptors(error))).not.toMatch(/canary|cGs6|xkit\.co/);
});

it.each([
  [{ publishableKey: '' }, 'publishableKey must not be empty.'],
  [{ publishableKey: 'pk:1' }, 'publishableKey must not contain a colon.'],
  [{ secretKey: 'sk-canary\n' }, 'secretKey must not contain control characters.'],
  [{ secretKey: ' sk-canary' }, 'secretKey must not begin or end with white space.'],
  [{ secretKey: 'sk-\ud800' }, 'secretKey must be well-formed Unicode.'],
  [{ generation: 'bogus' as 'users' }, 'generation must be one of connections, users, contexts.'],
  [{ attemptTimeoutMs: Infinity }, 'attemptTimeoutMs must be a whole number from 1 to 2147483647.'],
  [{ attemptTimeoutMs: 0 }, 'attemptTimeoutMs must be a whole number from 1 to 2147483647.'],
  [{ maxSockets: Number.NaN }, 'maxSockets must be a whole number from 1 to 9007199254740991.'],
  [{ apiUrl: 'http://app.xkit.co' }, 'apiUrl must use https, since its host is not a loopback address.'],
  [{ paths: { user: '/x/{user_id}' } }, 'paths.user must have exactly one segment {connector_slug}.'],
  [{ paths: { group: '/{group_id}-x/{connector_slug}' } }, 'paths.group must have exactly one segment {group_id}.'],
  [{ paths: { user: 'x/{user_id}/{connector_slug}' } }, 'paths.user must start with "/".'],
  [
    { paths: { user: '/../{user_id}/{connector_slug}' } },
    'paths.user must have only letters, digits, "-", "_", "." and "~" in its other segments.',
  ],
])('refuses the options %o with a message', (options, message) => {
  expect(() => createPlatformClient({ ...keys, ...options })).toThrow(new TypeError(message));
});

it('recognizes a PlatformError from another copy of the package', () => {
  const foreign = Object.assign(new Error('down'), { name: 'PlatformError', code: 'PLATFORM_UNAVAILABLE' });
  expect(isPlatformError(foreign)).toBe(true);
  expect(isPlatformError(new PlatformError('PLATFORM_TIMEOUT', 'late'))).toBe(true);
  expect(isPlatformError(new PlatformError('BOGUS' as 'PLATFORM_TIMEOUT', 'x'))).toBe(false);
  expect(isPlatformError(Object.assign(new Error('x'), { code: 'PLATFORM_UNAVAILABLE' }))).toBe(false);
  expect(isPlatformError('PLATFORM_UNAVAILABLE')).toBe(false);
});

it('removes its listeners and timers after each lookup', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  let listeners = 0;
  const signal = Object.assign(new EventTarget(), { aborted: false }) as AbortSignal;
  vi.spyOn(signal, 'addEventListener').mockImplementation(() => void (listeners += 1));
  vi.spyOn(signal, 'removeEventListener').mockImplementation(() => void (listeners -= 1));
  const { client } = recordingClient();
  for (let reads = 0; reads < 3; reads += 1) await client.readConnection(alice, { signal });
  expect(signal.addEventListener).toHaveBeenCalledTimes(3);
  expect([listeners, vi.getTimerCount()]).toEqual([0, 0]);
  vi.useRealTimers();
});

it('times out after five seconds by default', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  const { client } = recordingClient({ fetch: () => new Promise(() => undefined) });
  let outcome = 'waiting';
  void client.readConnection(alice).catch((error: PlatformError) => (outcome = error.code));
  await vi.advanceTimersByTimeAsync(4_999);
  expect(outcome).toBe('waiting');
  await vi.advanceTimersByTimeAsync(1);
  expect(outcome).toBe('PLATFORM_TIMEOUT');
  vi.useRealTimers();
});

it('frees the socket of a response whose body it does not read', async () => {
  const sandbox = createSandbox();
  const listening = await sandbox.listen();
  const client = createPlatformClient({
    ...SANDBOX_CREDENTIALS,
    apiUrl: listening.apiUrl,
    maxSockets: 1,
    attemptTimeoutMs: 2_000,
    maxRetries: 0,
  });
  for (let reads = 0; reads < 3; reads += 1) {
    sandbox.faults.add({ status: 503, body: 'x'.repeat(5_000_000) });
    await expect(client.readConnection(alice)).rejects.toMatchObject({ code: 'PLATFORM_UNAVAILABLE', status: 503 });
  }
  expect(await client.readConnection(alice)).toMatchObject({ found: true });
  await client.close();
  await listening.close();
});

it('reuses the connection of a response whose late body it ignores', async () => {
  let connections = 0;
  const server = createServer((_, response) => {
    response.writeHead(404, { 'content-type': 'application/json' }).flushHeaders();
    setTimeout(() => response.end('{"error":"Not found"}'), 5);
  }).on('connection', () => {
    connections += 1;
  });
  const port = await listenLocally(server);
  const client = createPlatformClient({
    ...SANDBOX_CREDENTIALS,
    apiUrl: `http://127.0.0.1:${port}`,
    // Each lookup reuses the connection of the previous one, although the connection has not rested.
    transport: createUndiciTransport({ maxSockets: 1 }),
  });
  for (let reads = 0; reads < 20; reads += 1) expect(await client.readConnection(alice)).toEqual({ found: false });
  expect(connections).toBe(1);
  await client.close();
  server.close();
});

it.each([
  [
    'throws',
    () => {
      throw new Error('of the host');
    },
  ],
  ['rejects', async () => Promise.reject(new Error('of the host'))],
])('ignores a listener that %s', async (_, onEvent) => {
  const sandbox = createSandbox();
  const client = createPlatformClient({
    ...SANDBOX_CREDENTIALS,
    apiUrl: sandbox.apiUrl,
    fetch: sandbox.fetch,
    onEvent,
  });
  sandbox.faults.add({ status: 503 });
  const readings = await Promise.all([client.readConnection(alice), client.readConnection(alice)]);
  expect(readings).toMatchObject([{ found: true }, { found: true }]);
});

it('reports the duration of each attempt and its status, or null without a response', async () => {
  const sandbox = createSandbox();
  const told: (number | null)[] = [];
  const client = createPlatformClient({
    ...SANDBOX_CREDENTIALS,
    apiUrl: sandbox.apiUrl,
    fetch: sandbox.fetch,
    onEvent: (event) => {
      if (event.type === 'attempt' && event.ms >= 0) told.push(event.status);
    },
  });
  sandbox.faults.add({ status: 503 });
  sandbox.faults.add({ disconnect: 'before-response' });
  await client.readConnection(alice);
  await client.readConnection({ ...alice, ownerId: 'nobody' });
  expect(told).toEqual([503, null, 200, 404]);
});

it('reports the error code of a failed connection as the reason', async () => {
  const listening = await createSandbox().listen();
  const client = createPlatformClient({ ...keys, apiUrl: listening.apiUrl });
  await listening.close();
  await expect(client.readConnection(alice)).rejects.toMatchObject({
    code: 'PLATFORM_UNAVAILABLE',
    reason: 'ECONNREFUSED',
  });
  await client.close();
});
