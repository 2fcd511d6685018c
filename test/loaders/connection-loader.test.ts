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

it('looks up equal keys once, and distinguishes keys whose parts contain the separator', async () => {
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

it('returns results in the order of their keys, with an error in the position of each failed lookup', async () => {
  const platform: PlatformClient = {
    readConnection: async ({ ownerId }) => {
      if (ownerId === 'bad') throw new Error('bad');
      // The last key gets its result before the first.
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

it('sends at most maxSockets requests at the same time', async () => {
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

it('repeats a lookup once if a fresh result is required', async () => {
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

it('limits each lookup to the time left until the shared deadline', async () => {
  const left: number[] = [];
  const platform: PlatformClient = {
    readConnection: async (_, { timeoutMs = Number.NaN } = {}) => {
      left.push(timeoutMs);
      return { found: false };
    },
    close: async () => undefined,
  };
  const load = createConnectionLoader({ platform, deadlineMs: 1_000 });
  // In floating-point arithmetic, 24.4 + 1000 - 24.4 is more than 1000.
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
