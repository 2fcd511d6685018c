import type { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { expect, it, onTestFinished } from 'vitest';
// The guides import the build, so this file does too.
import {
  type AuditEvent,
  type ConnectionsContextOptions,
  createConnectionsContext,
  createConnectionsSchema,
  createPlatformClient,
} from 'xkit-graphql';

import { createSandbox, SANDBOX_CREDENTIALS } from '../../src/sandbox/index.js';
import { callerNamed } from '../support/access-table.js';
import { codesOf } from '../support/host.js';
import { importProgram } from '../support/page.js';
import { connectPeople, listenAnywhere } from '../support/people.js';
import { OWNER_HASH_KEY } from '../support/policy.js';
import { postJson } from '../support/post-json.js';

/** Serves a schema with batches, and returns the address. */
type Serve = (schema: GraphQLSchema, options: ConnectionsContextOptions) => Promise<string>;

const { createApolloServer } = await importProgram<{
  createApolloServer(schema: GraphQLSchema): ApolloServer<ConnectionsContextOptions>;
}>('docs/guides/module.md', 'apollo.ts');

const HOSTS: readonly [string, Serve][] = [
  [
    'Apollo Server, as in the guide',
    async (schema, options) => {
      const server = createApolloServer(schema);
      onTestFinished(() => server.stop());
      const context = async () => ({ ...options });
      return (await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' }, context })).url;
    },
  ],
  [
    'Yoga',
    async (schema, options) => {
      const yoga = createYoga({ schema, batching: true, context: () => createConnectionsContext(options) });
      const { url, close } = await listenAnywhere(yoga);
      onTestFinished(close);
      return url;
    },
  ],
];

const read = (operationName: string, first: string, second: string) => ({
  operationName,
  query: `query ${operationName}($first: ID!, $second: ID!) {
    first: userConnection(userId: $first, connectorSlug: "slack") { ownerId authorization { accessToken } }
    second: userConnection(userId: $second, connectorSlug: "slack") { ownerId authorization { accessToken } }
  }`,
  variables: { first, second },
});
const connected = (ownerId: string) => ({
  ownerId,
  authorization: { accessToken: `sandbox-${ownerId}-slack-1-token-1` },
});

it.each(HOSTS)('counts limits and audit events for each operation of a batch: %s', async (_, serve) => {
  const sandbox = createSandbox();
  connectPeople(sandbox.store);
  const events: AuditEvent[] = [];
  const schema = createConnectionsSchema({
    platform: createPlatformClient({ ...SANDBOX_CREDENTIALS, apiUrl: sandbox.apiUrl, fetch: sandbox.fetch }),
    catalog: { slug: 'acme' },
    maxConnections: 2,
    audit: { sink: (event) => void events.push(event), ownerHashKey: OWNER_HASH_KEY },
  });
  const url = await serve(schema, { caller: callerNamed('bff') });
  const send = async (...operations: object[]) => {
    const response = await fetch(url, postJson(operations));
    return (await response.json()) as ExecutionResult[];
  };

  // Each operation has as many distinct connections as the limit allows. One of them is in both operations.
  expect(await send(read('One', 'person-0', 'person-1'), read('Two', 'person-1', 'person-2'))).toEqual([
    { data: { first: connected('person-0'), second: connected('person-1') } },
    { data: { first: connected('person-1'), second: connected('person-2') } },
  ]);
  expect(events.map(({ operationName }) => operationName).toSorted()).toEqual(['One', 'One', 'Two', 'Two']);
  expect(new Set(events.map(({ ownerHash }) => ownerHash)).size).toBe(3);

  // The same document twice, so that the host may use the same syntax tree.
  const again = await send(read('Same', 'person-3', 'person-4'), read('Same', 'person-5', 'person-6'));
  expect(again.map(codesOf)).toEqual([[], []]);
});
