import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Fault } from '../../src/sandbox/index.js';
import { active, altered } from '../support/bodies.js';
import { startInProcess, startProcess, type TestGateway } from '../support/gateway.js';
import { listenLocally } from '../support/listen.js';
import { UserConnection } from '../support/operations.js';

const MIB = 1024 * 1024;
const alice = { userId: 'alice', connectorSlug: 'slack' };

/** Creates a body of this size that is never in memory as a whole. */
function stream(bytes: number, chunk: Uint8Array): () => ReadableStream {
  return () => {
    let left = bytes;
    return new ReadableStream({
      pull: (controller) => {
        if (left <= 0) return controller.close();
        controller.enqueue(chunk);
        left -= chunk.length;
      },
    });
  };
}

// Compressed before the requests, because compressing takes longer than a lookup may take.
const BOMB = gzipSync(Buffer.alloc(400 * MIB, 0x20), { level: 9 });

const hostile: Record<string, Fault> = {
  HTML: { body: '<!doctype html><title>canary</title>', headers: { 'content-type': 'text/html' } },
  'no body': { body: '' },
  null: { body: 'null' },
  'a list': { body: '[]' },
  'a string': { body: '"canary"' },
  'a number': { body: '42' },
  'an empty object': { body: '{}' },
  'truncated JSON': { body: JSON.stringify(active).slice(0, -20) },
  'two JSON texts': { body: `${JSON.stringify(active)}${JSON.stringify(active)}` },
  'JSON with comments': { body: `// canary\n${JSON.stringify(active)}` },
  'invalid UTF-8': {
    body: Buffer.concat([
      Buffer.from('{"connection":{"enabled":false},"x":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]),
  },
  'a connection that is a list': { body: '{"connection":[]}' },
  'a connection that is null': { body: '{"connection":null}' },
  'enabled as a string': { body: altered('connection', { enabled: 'true' }) },
  'enabled as a number': { body: altered('connection', { enabled: 1 }) },
  'no enabled': { body: JSON.stringify({ ...active, connection: { id: 'c' } }) },
  'an id that is an object': { body: altered('connection', { id: {} }) },
  'a connector that is a string': { body: JSON.stringify({ ...active, connector: 'slack' }) },
  'a connector slug that is a number': { body: altered('connector', { slug: 7 }) },
  'another connector': { body: altered('connector', { slug: 'github' }) },
  'another connector nested beside a sibling null': {
    body: JSON.stringify({
      connection: { enabled: true, connector: { slug: 'github' }, authorization: active.authorization },
      connector: null,
    }),
  },
  'another connector nested beside the right sibling': {
    body: JSON.stringify({ ...active, connection: { enabled: true, connector: { slug: 'github' } } }),
  },
  'a slug that is equal only beyond ASCII': { body: altered('connector', { slug: 'slac\u212a' }) },
  'an authorization that is a list': { body: JSON.stringify({ ...active, authorization: ['active', 'canary'] }) },
  'an authorization without a status': { body: altered('authorization', { status: undefined }) },
  'a status that is a list': { body: altered('authorization', { status: ['active'] }) },
  'a token that is a number': { body: altered('authorization', { access_token: 7 }) },
  'a token that is an object': { body: altered('authorization', { access_token: { toString: 'canary' } }) },
  'an error message that is an object': { body: altered('authorization', { error_message: {} }) },
  '__proto__ for a connection': {
    body: '{"__proto__":{"connection":{"enabled":true}},"constructor":{"prototype":{"enabled":true}}}',
  },
  '__proto__ for an authorization': {
    body: '{"connection":{"enabled":true},"authorization":{"__proto__":{"status":"active"},"access_token":"canary"}}',
  },
  '100,000 brackets deep': { body: '['.repeat(100_000) },
  '100,000 objects deep': { body: '{"connection":'.repeat(100_000) + '1' + '}'.repeat(100_000) },
  'gzip that is not gzip': { body: 'canary', headers: { 'content-encoding': 'gzip' } },
  'brotli that is not brotli': { body: 'canary', headers: { 'content-encoding': 'br' } },
  'an encoding that does not exist': {
    body: gzipSync(JSON.stringify(active)),
    headers: { 'content-encoding': 'canary' },
  },
  '1 MiB and a byte': { body: JSON.stringify({ ...active, padding: 'x'.repeat(MIB) }) },
  '400 MiB': { body: stream(400 * MIB, new Uint8Array(MIB).fill(0x20)) },
  'a gzip bomb of 400 MiB': {
    body: BOMB,
    headers: { 'content-encoding': 'gzip' },
  },
};

/** The server uses undici. A host uses ofetch over the global `fetch` by default. */
const TRANSPORTS: readonly [string, () => Promise<TestGateway>][] = [
  ['a process that uses undici', () => startProcess({ LOG_LEVEL: 'trace' })],
  ['a host that uses ofetch', () => startInProcess({ overSockets: true, platform: { attemptTimeoutMs: 4_000 } })],
];

describe.each(TRANSPORTS)('hostile bodies for %s', (_transport, startGateway) => {
  let gateway: TestGateway;
  let pid: number;
  beforeAll(async () => {
    gateway = await startGateway();
    pid = gateway.pid ?? 0;
  });
  afterAll(() => gateway.close());

  it.each(Object.entries(hostile))('returns PLATFORM_BAD_RESPONSE and no token for %s', async (_, fault) => {
    const before = gateway.output().length;
    gateway.sandbox.faults.add(fault);
    const { data, errors, body } = await gateway.send(UserConnection, alice);
    expect(data).toEqual({ userConnection: null });
    expect(errors.map(({ message, extensions }) => [message, extensions['code']])).toEqual([
      ["The Platform API's response breaks its contract.", 'PLATFORM_BAD_RESPONSE'],
    ]);
    expect(body).not.toContain('canary');
    expect(gateway.output().slice(before)).not.toContain('canary');
  });

  it.skipIf(process.platform !== 'linux')(
    'uses a bounded amount of memory, and answers normally afterwards',
    async () => {
      const { data: later } = await gateway.send(UserConnection, alice);
      expect(later?.userConnection?.state).toBe('ACTIVE');
      // A host runs in the process of the tests, whose memory says nothing about the gateway.
      if (pid === 0) return;
      const peakMiB = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
      expect(peakMiB).toBeGreaterThan(0);
      expect(peakMiB).toBeLessThan(400);
    },
  );
});

describe('every other status', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startInProcess();
  });
  afterAll(() => gateway.close());

  it('has its error code, regardless of the body', async () => {
    const expected = (status: number) => {
      if (status === 401 || status === 403) return 'PLATFORM_AUTH_FAILED';
      if (status === 429) return 'PLATFORM_RATE_LIMITED';
      return status === 408 || status >= 500 ? 'PLATFORM_UNAVAILABLE' : 'PLATFORM_BAD_RESPONSE';
    };
    const withoutBody = new Set([204, 205, 304]);
    for (let status = 201; status < 600; status += 1) {
      if (status === 404) continue;
      gateway.sandbox.faults.add({ status, body: withoutBody.has(status) ? () => null : JSON.stringify(active) });
      const { errors, body } = await gateway.send(UserConnection, alice);
      expect([status, errors[0]?.extensions['code']]).toEqual([status, expected(status)]);
      expect(body).not.toContain('canary');
    }
  });

  it.each([401, 403, 404, 418])(
    'is PLATFORM_BAD_RESPONSE for %i with an HTML page, and the log has the status',
    async (status) => {
      for (const type of ['text/html', 'Text/HTML; charset=utf-8']) {
        gateway.sandbox.faults.add({ status, body: '<html>canary</html>', headers: { 'content-type': type } });
        const { data, errors, body } = await gateway.send(UserConnection, alice);
        expect([data, errors[0]?.extensions['code']]).toEqual([{ userConnection: null }, 'PLATFORM_BAD_RESPONSE']);
        expect(body).not.toContain('canary');
      }
    },
  );

  it.each([
    [429, 'PLATFORM_RATE_LIMITED'],
    [502, 'PLATFORM_UNAVAILABLE'],
    [503, 'PLATFORM_UNAVAILABLE'],
  ])('keeps the code of %i with an HTML page: %s', async (status, code) => {
    gateway.sandbox.faults.add({ status, body: '<html></html>', headers: { 'content-type': 'text/html' }, times: 3 });
    const { errors } = await gateway.send(UserConnection, alice);
    gateway.sandbox.faults.clear();
    expect(errors[0]?.extensions['code']).toBe(code);
  });

  it.each(['application/json', 'text/plain', 'text/html-but-not', ''])(
    'is not found for a 404 of type "%s"',
    async (type) => {
      gateway.sandbox.faults.add({ status: 404, body: '<html></html>', headers: { 'content-type': type } });
      const { data } = await gateway.send(UserConnection, alice);
      expect(data?.userConnection?.state).toBe('NOT_FOUND');
    },
  );

  it('returns NOT_FOUND for a 404, even with a token in the body', async () => {
    gateway.sandbox.faults.add({ status: 404, body: JSON.stringify(active) });
    const { data, body } = await gateway.send(UserConnection, alice);
    expect(data?.userConnection).toMatchObject({ state: 'NOT_FOUND', authorization: null });
    expect(body).not.toContain('canary');
  });
});

describe('a redirect', () => {
  let gateway: TestGateway;
  let port: number;
  const visitors: unknown[] = [];
  const elsewhere = createServer((request, response) => {
    visitors.push(request.headers.authorization);
    response.end(JSON.stringify(active));
  });
  beforeAll(async () => {
    gateway = await startProcess();
    port = await listenLocally(elsewhere);
  });
  afterAll(async () => {
    await gateway.close();
    elsewhere.close();
  });

  it.each([301, 302, 303, 307, 308])(
    'is not followed with status %i, and its target receives no credentials',
    async (status) => {
      gateway.sandbox.requests.clear();
      for (const location of [`http://127.0.0.1:${port}/`, '/api/platform/connections/carol/slack']) {
        gateway.sandbox.faults.add({ status, headers: { location } });
        const { errors } = await gateway.send(UserConnection, alice);
        expect(errors[0]?.extensions['code']).toBe('PLATFORM_BAD_RESPONSE');
      }
      expect(visitors).toEqual([]);
      expect(gateway.sandbox.requests.entries).toHaveLength(2);
    },
  );
});
