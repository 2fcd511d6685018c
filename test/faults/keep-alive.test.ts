import { expect, it } from 'vitest';

import { createPlatformClient, type PlatformEvent } from '../../src/platform/client.js';
import { createUndiciTransport } from '../../src/platform/undici-transport.js';
import { createSandbox, SANDBOX_CREDENTIALS } from '../../src/sandbox/index.js';

const slackOf = (ownerId: string) => ({ ownerKind: 'USER', ownerId, connectorSlug: 'slack' }) as const;

it('loses none of 200 lookups to a platform that closes each connection 3 ms after its answer', async () => {
  const sandbox = createSandbox();
  const listening = await sandbox.listen({ closeAfterMs: 3 });
  const events: PlatformEvent[] = [];
  const platform = createPlatformClient({
    ...SANDBOX_CREDENTIALS,
    apiUrl: listening.apiUrl,
    transport: createUndiciTransport(),
    onEvent: (event) => events.push(event),
  });
  for (let round = 0; round < 40; round += 1) {
    // Five at once leave five dead connections in the pool.
    const readings = await Promise.all(
      ['alice', 'carol', 'erin', 'frank', 'dave'].map((user) => platform.readConnection(slackOf(user))),
    );
    expect(readings.every(({ found }) => found)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, round % 6));
  }
  // Not by the budget that is for failures of the platform.
  expect(events.filter(({ type }) => type !== 'attempt' && type !== 'lookup')).toEqual([]);
  await platform.close();
  await listening.close();
});
