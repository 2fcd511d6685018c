import { createServer, type IncomingHttpHeaders } from 'node:http';

import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { createPlatformClient, type LookupObserver, type PlatformClient } from '../../src/index.js';
import { listenLocally } from '../support/listen.js';

const key = { ownerKind: 'USER', ownerId: 'alice', connectorSlug: 'slack' } as const;
const rejected = vi.fn();

let client: PlatformClient;
let close: () => Promise<void>;
let received: IncomingHttpHeaders[];
beforeEach(async () => {
  received = [];
  const server = createServer(({ headers }, response) => {
    received.push(headers);
    response.writeHead(404).end();
  });
  client = createPlatformClient({
    publishableKey: 'pk',
    secretKey: 'sk',
    apiUrl: `http://127.0.0.1:${await listenLocally(server)}`,
    maxSockets: 1,
  });
  close = async () => {
    await client.close();
    server.close();
  };
  rejected.mockClear();
  process.on('unhandledRejection', rejected);
});
afterEach(async () => {
  await close();
  process.off('unhandledRejection', rejected);
});

it.each([
  [
    'throws',
    () => {
      throw new Error('canary');
    },
  ],
  ['rejects', () => Promise.reject(new Error('canary')) as never],
])('completes each lookup and frees its only socket if every callback of an observer %s', async (_, fail) => {
  const told: string[] = [];
  // Not mocks, because vitest handles the rejections of the promises that a mock returns.
  const failAt = (what: string) => () => {
    told.push(what);
    return fail();
  };
  const observers: LookupObserver[] = [
    { onJoin: failAt('join'), onAttempt: failAt('attempt'), onEnd: failAt('end') },
    { onAttempt: () => ({ headers: {}, onEnd: failAt('end of attempt') }), onEnd: failAt('end') },
  ];
  for (const observer of observers) {
    // The second lookup joins the first.
    const both = await Promise.all([1, 2].map(() => client.readConnection(key, { observer })));
    expect(both).toEqual([{ found: false }, { found: false }]);
  }
  expect(told).toEqual(['attempt', 'join', 'end', 'end', 'end of attempt', 'end', 'end']);
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(rejected).not.toHaveBeenCalled();
});

it.each([
  ["sends the observer's headers", { TraceParent: 'canary' }, 'canary'],
  [
    "does not let the observer replace the client's headers",
    { Authorization: 'canary', traceparent: 'canary' },
    'canary',
  ],
  [
    'sends no header of the observer if one is not allowed',
    { traceparent: 'canary', other: 'a\r\nhost: b' },
    undefined,
  ],
  [
    'sends no header of the observer if one is not a string',
    { traceparent: 'canary', other: undefined as never },
    undefined,
  ],
])('completes the lookup, and %s', async (_, headers, traceparent) => {
  const observer: LookupObserver = { onAttempt: () => ({ headers, onEnd: () => undefined }) };
  expect(await client.readConnection(key, { observer })).toEqual({ found: false });
  expect(received).toMatchObject([{ authorization: `Basic ${btoa('pk:sk')}`, accept: 'application/json' }]);
  expect(received[0]?.['traceparent']).toBe(traceparent);
});

it('completes the lookup if the headers of an observer cannot be read', async () => {
  const onAttempt = () => ({
    get headers(): never {
      throw new Error('canary');
    },
    onEnd: () => undefined,
  });
  expect(await client.readConnection(key, { observer: { onAttempt } })).toEqual({ found: false });
  expect(await client.readConnection(key)).toEqual({ found: false });
});
