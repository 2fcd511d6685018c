import { expect, it } from 'vitest';

import { startProcess } from '../../support/gateway.js';
import { UserConnection } from '../../support/operations.js';

it.each(['start', 'span', 'end'])(
  'executes operations although the registered SDK throws, with BREAKS_AT=%s',
  async (at) => {
    const gateway = await startProcess({ NODE_OPTIONS: '--import=./test/support/broken-sdk.js', BREAKS_AT: at });
    for (let count = 0; count < 2; count += 1) {
      const { data, errors } = await gateway.send(UserConnection, { userId: 'alice', connectorSlug: 'slack' });
      expect([errors, data?.userConnection?.state]).toEqual([[], 'ACTIVE']);
    }
    await gateway.close();
    expect(await gateway.ended).toBe(0);
    expect(gateway.output()).not.toContain('canary');
  },
);
