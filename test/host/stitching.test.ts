import { stitchSchemas } from '@graphql-tools/stitch';
import { execute, type ExecutionResult, parse } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';

import { createConnectionsContext } from '../../src/index.js';
import { createGatewayExecutor } from '../../src/stitching/index.js';
import { callerNamed, itHoldsToTheTable, toQuery, type Who } from '../support/access-table.js';
import { startProcess } from '../support/gateway.js';
import { codesOf, createHost } from '../support/host.js';
import { KEYS } from '../support/policy.js';

type Ask = (who: Who, query: string) => Promise<ExecutionResult>;

/** Tests that the rules for callers also apply behind a host gateway. */
function describeStitched(name: string, { ask, lookups }: { ask: Ask; lookups: () => number }) {
  describe(name, () => {
    itHoldsToTheTable({ ask, lookups });

    it('does not return a token to a caller that may not read it, even while another caller reads it', async () => {
      const query = toQuery(['user', 'alice'], 'slack', 'accessToken');
      const before = lookups();
      for (let round = 0; round < 25; round += 1) {
        const [allowed, withoutToken, forbidden] = await Promise.all([
          ask('bff', query),
          ask('statusPage', query),
          ask('bob', query),
        ]);
        expect(JSON.stringify(allowed)).toContain('sandbox-alice-slack-1-token-1');
        expect([codesOf(withoutToken), codesOf(forbidden)]).toEqual([['FORBIDDEN'], ['FORBIDDEN']]);
        expect(JSON.stringify([withoutToken, forbidden])).not.toContain('sandbox-');
      }
      // The first two callers may read the connection, so they may share a lookup. The third never causes one.
      expect(lookups() - before).toBeGreaterThanOrEqual(25);
      expect(lookups() - before).toBeLessThanOrEqual(50);
    });

    it('shares one lookup among 20 aliases of one connection', async () => {
      const before = lookups();
      const fields = Array.from(
        { length: 20 },
        (_, index) => `a${index}: userConnection(userId: "alice", connectorSlug: "slack") { state }`,
      );
      expect(codesOf(await ask('bff', `{ ${fields.join(' ')} }`))).toEqual([]);
      expect(lookups() - before).toBe(1);
    });
  });
}

const host = createHost({ authorization: 'callers' });
const inProcess = stitchSchemas({ subschemas: [{ schema: host.schema }] });
describeStitched('a schema stitched in process', {
  ask: async (who, query) =>
    execute({
      schema: inProcess,
      document: parse(query),
      contextValue: createConnectionsContext({ caller: callerNamed(who) }),
    }),
  lookups: () => host.sandbox.requests.entries.length,
});

const server = await startProcess();
afterAll(() => server.close());
const remote = stitchSchemas({
  subschemas: [
    {
      schema: host.schema,
      executor: createGatewayExecutor({
        url: 'http://127.0.0.1/graphql',
        fetch: (_, init) => server.fetchAnonymously('/graphql', init),
        // The credentials of the caller of the host gateway.
        headers: ({ authorization }: { authorization?: string }) => ({ authorization: authorization ?? null }),
      }),
      batch: true,
    },
  ],
});
describeStitched('a schema stitched over HTTP', {
  ask: async (who, query) =>
    execute({
      schema: remote,
      document: parse(query),
      contextValue: who === null ? {} : { authorization: `Bearer ${KEYS[who]}` },
    }),
  lookups: () => server.sandbox.requests.entries.length,
});
