import { parse } from 'graphql';
import { expect, it } from 'vitest';

import { type ConnectionsFailure, createConnectionsContext } from '../../src/index.js';
import type { PlatformClient } from '../../src/platform/client.js';
import { codesOf, createHost } from '../support/host.js';

it.each([
  ['an error with a secret', new Error('Basic cGs6Y2FuYXJ5 canary')],
  ['a string', 'canary'],
  ['an error of ofetch', Object.assign(new Error('canary'), { name: 'FetchError', data: 'canary', options: {} })],
])('masks %s without an error code, and reports it to the host', async (_, thrown) => {
  const seen: unknown[] = [];
  const platform: PlatformClient = { readConnection: () => Promise.reject(thrown), close: async () => undefined };
  const { run } = createHost({ platform, onFailure: (failure) => seen.push(failure) });
  const result = await run(createConnectionsContext({ requestId: 'r-1' }));
  expect(result).toEqual({ data: { userConnection: null }, errors: [expect.anything()] });
  expect(result.errors?.[0]).toMatchObject({
    message: 'Something went wrong in this gateway.',
    extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false, requestId: 'r-1' },
  });
  expect(JSON.stringify(result)).not.toContain('canary');
  expect(result.errors?.[0]?.originalError?.message).not.toContain('canary');
  expect(seen).toEqual([{ code: 'INTERNAL_SERVER_ERROR', requestId: 'r-1', error: expect.any(Error) as unknown }]);
});

it('masks an error that is thrown synchronously', async () => {
  const platform: PlatformClient = {
    readConnection: () => {
      throw new Error('canary');
    },
    close: async () => undefined,
  };
  const result = await createHost({ platform }).run(createConnectionsContext());
  expect(codesOf(result)).toEqual(['INTERNAL_SERVER_ERROR']);
  expect(JSON.stringify(result)).not.toContain('canary');
});

it('reports the stack of a failure to the host, but not to callers', async () => {
  const failures: ConnectionsFailure[] = [];
  const { run, sandbox } = createHost({ onFailure: (failure) => failures.push(failure) });
  sandbox.faults.add({ status: 503 });
  const { errors } = await run(createConnectionsContext());
  expect(errors?.[0]?.originalError?.stack).not.toMatch(/^\s+at /m);
  expect(failures).toHaveLength(1);
  for (const { error } of failures) expect((error as Error).stack).toMatch(/^\s+at /m);
});

it('reports a failed lookup to the host once, with its cause', async () => {
  const failures: ConnectionsFailure[] = [];
  const { run, sandbox } = createHost({ onFailure: (failure) => failures.push(failure) });
  sandbox.faults.add({ status: 503 });
  const twice = parse(`{
    a: userConnection(userId: "alice", connectorSlug: "slack") { state }
    b: userConnection(userId: "alice", connectorSlug: "slack") { enabled }
  }`);
  expect(codesOf(await run(createConnectionsContext({ requestId: 'r-2' }), twice))).toEqual([
    'PLATFORM_UNAVAILABLE',
    'PLATFORM_UNAVAILABLE',
  ]);
  expect(failures).toEqual([
    { code: 'PLATFORM_UNAVAILABLE', requestId: 'r-2', error: expect.objectContaining({ status: 503 }) as unknown },
  ]);
});

it.each([
  [
    'throws',
    () => {
      throw new Error('canary');
    },
  ],
  [
    'rejects',
    async () => {
      throw new Error('canary');
    },
  ],
])('answers as usual if the onFailure callback %s', async (_, onFailure) => {
  const { run, sandbox } = createHost({ onFailure });
  sandbox.faults.add({ status: 500 });
  const result = await run(createConnectionsContext());
  await new Promise(setImmediate);
  expect(codesOf(result)).toEqual(['PLATFORM_UNAVAILABLE']);
  expect(JSON.stringify(result)).not.toContain('canary');
});

it('masks an error that a getter of the context throws', async () => {
  const context = Object.defineProperty({}, 'connectionsRequest', {
    get: () => {
      throw new Error('canary');
    },
  });
  const result = await createHost().run(context);
  expect(codesOf(result)).toEqual(['INTERNAL_SERVER_ERROR']);
  expect(JSON.stringify(result)).not.toContain('canary');
});

it('masks an error with an unknown code from another version of the package', async () => {
  const error = Object.assign(new Error('canary'), { name: 'PlatformError', code: 'PLATFORM_NEW' });
  const platform: PlatformClient = { readConnection: () => Promise.reject(error), close: async () => undefined };
  const result = await createHost({ platform }).run(createConnectionsContext());
  expect(codesOf(result)).toEqual(['INTERNAL_SERVER_ERROR']);
  expect(result.errors?.[0]?.message).toBe('Something went wrong in this gateway.');
});

it('masks an error whose own properties throw', async () => {
  const error = Object.defineProperty(new Error('x'), 'name', {
    get: () => {
      throw new Error('canary');
    },
  });
  const platform: PlatformClient = { readConnection: () => Promise.reject(error), close: async () => undefined };
  const result = await createHost({ platform }).run(createConnectionsContext());
  expect(codesOf(result)).toEqual(['INTERNAL_SERVER_ERROR']);
  expect(JSON.stringify(result)).not.toContain('canary');
});

it('reports a failed lookup for each request, even if several requests share it', async () => {
  const told: (string | null)[] = [];
  const { run, sandbox } = createHost({ onFailure: ({ requestId }) => told.push(requestId) });
  sandbox.faults.add({ status: 503, delayMs: 50 });
  await Promise.all(['r-1', 'r-2'].map((requestId) => run(createConnectionsContext({ requestId }))));
  expect(told).toEqual(['r-1', 'r-2']);
  expect(sandbox.requests.entries).toHaveLength(1);
});
