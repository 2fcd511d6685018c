import { createServer } from 'node:http';

import { expect, it, vi } from 'vitest';

import { createPlatformClient, type LookupObserver } from '../../src/index.js';
import { listenLocally } from '../support/listen.js';

const key = { ownerKind: 'USER', ownerId: 'alice', connectorSlug: 'slack' } as const;

it.each([
  [
    'throws',
    () => {
      throw new Error('canary');
    },
  ],
  ['rejects', () => Promise.reject(new Error('canary')) as never],
])('goes on where an observer %s at all that it is told, and keeps its only socket', async (_, fail) => {
  const rejected = vi.fn();
  process.on('unhandledRejection', rejected);
  const server = createServer((__, response) => response.writeHead(404).end());
  const client = createPlatformClient({
    publishableKey: 'pk',
    secretKey: 'sk',
    apiUrl: `http://127.0.0.1:${await listenLocally(server)}`,
    maxSockets: 1,
    deadlineMs: 5_000,
  });
  const onEndOfAttempt = vi.fn(fail);
  const told: LookupObserver[] = [
    { onJoin: vi.fn(fail), onAttempt: vi.fn(fail), onEnd: vi.fn(fail) },
    { onAttempt: () => ({ headers: {}, onEnd: onEndOfAttempt }), onEnd: vi.fn(fail), onJoin: vi.fn(fail) },
  ];
  for (const observer of told) {
    // The second one joins the first.
    const both = await Promise.all([1, 2].map(() => client.readConnection(key, { observer })));
    expect(both).toEqual([{ found: false }, { found: false }]);
    expect(observer.onJoin).toHaveBeenCalledTimes(1);
    expect(observer.onEnd).toHaveBeenCalledTimes(2);
  }
  expect(told[0]?.onAttempt).toHaveBeenCalledTimes(1);
  expect(onEndOfAttempt).toHaveBeenCalledTimes(1);
  await client.close();
  server.close();
  await new Promise((resolve) => setTimeout(resolve, 10));
  process.off('unhandledRejection', rejected);
  expect(rejected).not.toHaveBeenCalled();
});
