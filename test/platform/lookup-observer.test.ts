import { expect, it, vi } from 'vitest';

import { createPlatformClient } from '../../src/platform/client.js';

it('goes on where an observer throws once a lookup has ended', async () => {
  const client = createPlatformClient({
    publishableKey: 'pk',
    secretKey: 'sk',
    fetch: async () => Response.json({ connection: { enabled: false } }),
  });
  const rejected = vi.fn();
  process.on('unhandledRejection', rejected);
  const onEnd = vi.fn(() => {
    throw new Error('canary');
  });
  await client.readConnection({ ownerKind: 'USER', ownerId: 'alice', connectorSlug: 'slack' }, { observer: { onEnd } });
  await new Promise((resolve) => setTimeout(resolve, 10));
  process.off('unhandledRejection', rejected);
  expect([onEnd.mock.calls.length, rejected.mock.calls.length]).toEqual([1, 0]);
});
