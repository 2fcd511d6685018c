import { expect, it } from 'vitest';

import { createPlatformClient, type PlatformEvent } from '../../src/platform/client.js';
import { createUndiciTransport } from '../../src/platform/undici-transport.js';
import { createSandbox, SANDBOX_CREDENTIALS } from '../../src/sandbox/index.js';

const slackOf = (ownerId: string) => ({ ownerKind: 'USER', ownerId, connectorSlug: 'slack' }) as const;

/** undici repeats no request. ofetch, over the global `fetch`, repeats the requests whose idle connection was dead. */
it.each([
  ['undici', createUndiciTransport, 0],
  ['ofetch', () => undefined, 200],
] as const)(
  'loses none of 200 lookups with %s if the platform closes each connection 3 ms after its response',
  async (_, createTransport, maxRepeated) => {
    const sandbox = createSandbox();
    const listening = await sandbox.listen({ closeAfterMs: 3 });
    const events: PlatformEvent[] = [];
    const platform = createPlatformClient({
      ...SANDBOX_CREDENTIALS,
      apiUrl: listening.apiUrl,
      transport: createTransport(),
      onEvent: (event) => events.push(event),
    });
    for (let round = 0; round < 40; round += 1) {
      // Five simultaneous lookups leave five dead connections in the pool.
      const readings = await Promise.all(
        ['alice', 'carol', 'erin', 'frank', 'dave'].map((user) => platform.readConnection(slackOf(user))),
      );
      expect(readings.every(({ found }) => found)).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, round % 6));
    }
    const repeated = events.filter(({ type }) => type === 'retry').length;
    expect(repeated).toBeLessThanOrEqual(maxRepeated);
    expect(events.filter(({ type }) => type === 'breaker' || type === 'joined')).toEqual([]);
    await platform.close();
    await listening.close();
  },
);
