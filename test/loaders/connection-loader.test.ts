import { expect, it, vi } from 'vitest';

import type { ConnectionKey } from '../../src/domain/connection-key.js';
import { createConnectionLoader } from '../../src/loaders/connection-loader.js';
import { createPlatformClient, type PlatformClient } from '../../src/platform/client.js';
import { createSandbox, SANDBOX_CREDENTIALS } from '../../src/sandbox/index.js';

const user = (ownerId: string, connectorSlug = 'slack'): ConnectionKey => ({
  ownerKind: 'USER',
  ownerId,
  connectorSlug,
});

it('asks once for equal keys, and never confuses keys whose parts could be read in two ways', async () => {
  const asked: ConnectionKey[] = [];
  const platform: PlatformClient = {
    readConnection: async (key) => {
      asked.push(key);
      return { found: false };
    },
    close: async () => undefined,
  };
  const load = createConnectionLoader({ platform, deadlineMs: 8_000 });
  const keys = [
    user('a:b', 'c'),
    user('a', 'b:c'),
    user('a%3Ab', 'c'),
    { ...user('a:b', 'c'), ownerKind: 'GROUP' as const },
  ];
  await Promise.all([...keys, ...keys.map((key) => ({ ...key }))].map((key) => load(key)));
  await Promise.all(keys.map((key) => load(key)));
  expect(asked).toEqual(keys);
});

it('aligns answers with keys, an error in the place of each that failed', async () => {
  const platform: PlatformClient = {
    readConnection: async ({ ownerId }) => {
      if (ownerId === 'bad') throw new Error('bad');
      // The later a key, the sooner its answer.
      await new Promise((resolve) => setTimeout(resolve, ownerId === 'slow' ? 20 : 1));
      return {
        found: true,
        enabled: false,
        platformId: ownerId,
        connector: { slug: 's' } as never,
        authorization: null,
      };
    },
    close: async () => undefined,
  };
  const load = createConnectionLoader({ platform, deadlineMs: 8_000 });
  const settled = await Promise.allSettled(['slow', 'bad', 'fast'].map((ownerId) => load(user(ownerId))));
  expect(settled.map((one) => (one.status === 'fulfilled' ? Reflect.get(one.value, 'platformId') : 'error'))).toEqual([
    'slow',
    'error',
    'fast',
  ]);
});

it('uses no more sockets at once than it may', async () => {
  const sandbox = createSandbox();
  const listening = await sandbox.listen();
  const platform = createPlatformClient({ ...SANDBOX_CREDENTIALS, apiUrl: listening.apiUrl, maxSockets: 4 });
  sandbox.faults.add({ times: Infinity, delayMs: 20 });
  let most = 0;
  const inFlight = () => sandbox.requests.entries.filter(({ status }) => status === null).length;
  const watch = setInterval(() => {
    most = Math.max(most, inFlight());
  }, 1);
  const load = createConnectionLoader({ platform, deadlineMs: 8_000 });
  await Promise.all(Array.from({ length: 40 }, (_, index) => load(user(`user-${index}`))));
  clearInterval(watch);
  expect(sandbox.requests.entries).toHaveLength(40);
  expect(most).toBe(4);
  await platform.close();
  await listening.close();
});

it('asks anew where an answer to an earlier question of the same request will not do', async () => {
  const asked: (boolean | undefined)[] = [];
  const platform: PlatformClient = {
    readConnection: async (_, { fresh } = {}) => {
      asked.push(fresh);
      return { found: false };
    },
    close: async () => undefined,
  };
  const load = createConnectionLoader({ platform, deadlineMs: 8_000 });
  await load(user('alice'));
  await load(user('alice'), true);
  await load(user('alice'), true);
  await load(user('alice'));
  expect(asked).toEqual([false, true]);
});

it('gives each lookup the time that is left of the deadline of all', async () => {
  const left: number[] = [];
  const platform: PlatformClient = {
    readConnection: async (_, { timeoutMs = Number.NaN } = {}) => {
      left.push(timeoutMs);
      return { found: false };
    },
    close: async () => undefined,
  };
  const load = createConnectionLoader({ platform, deadlineMs: 1_000 });
  // A thousand more than this, less this, is more than a thousand.
  const clock = vi.spyOn(performance, 'now').mockReturnValue(24.4);
  try {
    await load(user('alice'));
    clock.mockReturnValue(74.9);
    await load(user('bob'));
  } finally {
    clock.mockRestore();
  }
  expect(left).toEqual([1_000, 950]);
});
