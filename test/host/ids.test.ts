import { stitchSchemas } from '@graphql-tools/stitch';
import { execute, type ExecutionResult, type GraphQLSchema, parse } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';

import { createConnectionsSubgraph } from '../../src/federation/index.js';
import { createConnectionsContext, createPlatformClient, StrictID } from '../../src/index.js';
import { createSandbox, SANDBOX_CREDENTIALS } from '../../src/sandbox/index.js';
import { createGatewayExecutor, subschemaConfig } from '../../src/stitching/index.js';
import { startProcess } from '../support/gateway.js';
import { codesOf, createHost } from '../support/host.js';
import { createUsersSchema } from '../support/people.js';
import { KEYS } from '../support/policy.js';

const OWNER_TYPES = { user: 'User', group: 'Team' };
const ROUNDED = [Number('1234567890123456789'), 2 ** 53, -(2 ** 53), 1e21, 1.5];
const EXACT: readonly [unknown, string][] = [
  [2 ** 53 - 1, '9007199254740991'],
  [-7, '-7'],
  ['1234567890123456789', '1234567890123456789'],
];

const OWNER = 'connection(connectorSlug: "slack") { ownerId }';
/** A document for each argument that reads an id from a variable. */
const PLACES: Readonly<Record<string, string>> = {
  userId: 'query ($id: ID!) { a: userConnection(userId: $id, connectorSlug: "slack") { ownerId } }',
  groupId: 'query ($id: ID!) { a: groupConnection(groupId: $id, connectorSlug: "slack") { ownerId } }',
  ownerId:
    'query ($id: ID!) { a: connections(keys: [{ ownerKind: USER, ownerId: $id, connectorSlug: "s" }]) { ownerId } }',
};
const ENTRIES: Readonly<Record<string, string>> = {
  _userOwners: `query ($id: ID!) { a: _userOwners(ids: [$id]) { ${OWNER} } }`,
  _groupOwners: `query ($id: ID!) { a: _groupOwners(ids: [$id]) { ${OWNER} } }`,
};

interface Subject {
  readonly schema: GraphQLSchema;
  readonly places: Readonly<Record<string, string>>;
  readonly lookups: () => number;
  readonly toContext?: () => object;
}

function describeIds(name: string, { schema, places, lookups, toContext = createConnectionsContext }: Subject) {
  const ask = async (place: string, id: unknown): Promise<ExecutionResult> =>
    execute({ schema, document: parse(place), variableValues: { id }, contextValue: toContext() });

  describe.each(Object.entries(places))(`${name}, %s`, (_, place) => {
    it.each(ROUNDED)('refuses the number %d, which may be a rounded id', async (id) => {
      const before = lookups();
      const result = await ask(place, id);
      expect(codesOf(result)).toEqual(['BAD_USER_INPUT']);
      expect(result.data ?? null).toBeNull();
      expect(lookups()).toBe(before);
    });

    it.each(EXACT)('accepts %s unchanged as an id', async (id, ownerId) => {
      const { data, errors } = await ask(place, id);
      expect(errors).toBeUndefined();
      expect(JSON.stringify(data)).toContain(JSON.stringify({ ownerId }).slice(1, -1));
    });
  });
}

const host = createHost({ ownerTypes: OWNER_TYPES });
const lookups = () => host.sandbox.requests.entries.length;
describeIds('a schema executed by graphql-js', { schema: host.schema, places: { ...PLACES, ...ENTRIES }, lookups });

const config = subschemaConfig({ schema: host.schema });
describeIds('a schema stitched in process, as the last subschema', {
  schema: stitchSchemas({ subschemas: [createUsersSchema(), config] }),
  places: PLACES,
  lookups,
});
describeIds('a schema stitched in process, before other subschemas', {
  schema: stitchSchemas({ subschemas: [config, createUsersSchema()], resolvers: { ID: StrictID } }),
  places: PLACES,
  lookups,
});

const sandbox = createSandbox();
describeIds('a subgraph', {
  schema: createConnectionsSubgraph({
    platform: createPlatformClient({ ...SANDBOX_CREDENTIALS, apiUrl: sandbox.apiUrl, fetch: sandbox.fetch }),
    catalog: { slug: 'acme' },
    authorization: 'host-trusted',
    ownerTypes: OWNER_TYPES,
  }),
  places: PLACES,
  lookups: () => sandbox.requests.entries.length,
});

const server = await startProcess({ XKIT_USER_TYPE: 'User', XKIT_GROUP_TYPE: 'Team' });
afterAll(() => server.close());
const executor = createGatewayExecutor({
  url: 'http://127.0.0.1/graphql',
  fetch: (_, init) => server.fetchAnonymously('/graphql', init),
  headers: () => ({ authorization: `Bearer ${KEYS.bff}` }),
});
describeIds('a schema stitched over HTTP', {
  schema: stitchSchemas({
    subschemas: [subschemaConfig({ ownerTypes: OWNER_TYPES, executor }), createUsersSchema()],
    resolvers: { ID: StrictID },
  }),
  places: PLACES,
  lookups: () => server.sandbox.requests.entries.length,
  toContext: () => ({}),
});

// Host gateways query these root fields, and send them to the server like any operation.
it.each(Object.entries(ENTRIES))('refuses a rounded number for %s over HTTP', async (_, query) => {
  const body = `{"query":${JSON.stringify(query)},"variables":{"id":1234567890123456789}}`;
  const response = await server.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(codesOf((await response.json()) as ExecutionResult)).toEqual(['BAD_USER_INPUT']);
});

it('reads an integer in a document without rounding', async () => {
  const document = parse('{ userConnection(userId: 1234567890123456789, connectorSlug: "slack") { ownerId } }');
  const { data } = await host.run(createConnectionsContext(), document);
  expect(data).toEqual({ userConnection: { ownerId: '1234567890123456789' } });
});
