import fc from 'fast-check';
import { execute, type ExecutionResult, parse } from 'graphql';
import { expect, it } from 'vitest';

import { createConnectionsSubgraph } from '../../src/federation/index.js';
import { formatConnectionId } from '../../src/domain/connection-key.js';
import { createConnectionsContext, createConnectionsSchema, createPlatformClient } from '../../src/index.js';
import { createSandbox, SANDBOX_CREDENTIALS } from '../../src/sandbox/index.js';

/** Ids of users: connected, failing, unknown, and invalid. */
const CONNECTED = ['ann', 'ben', 'a b/c', 'ü:%'];
const FAILING = ['down', 'limited'];
const UNKNOWN = ['nobody', 'constructor'];
const INVALID = ['', '..', 'x'.repeat(257)];
const MAX_CONNECTIONS = 6;

const sandbox = createSandbox();
for (const id of CONNECTED) sandbox.store.setConnections(id, 'slack', [{ enabled: true, status: 'active' }]);
sandbox.faults.add({ ownerId: 'down', status: 503, times: Infinity });
sandbox.faults.add({ ownerId: 'limited', status: 429, times: Infinity });
const options = {
  platform: createPlatformClient({
    ...SANDBOX_CREDENTIALS,
    apiUrl: sandbox.apiUrl,
    fetch: sandbox.fetch,
    maxRetries: 0,
    breaker: false,
  }),
  catalog: { slug: 'acme' },
  authorization: 'host-trusted',
  ownerTypes: { user: 'User' },
  maxConnections: MAX_CONNECTIONS,
} as const;

const FIELDS = 'connection(connectorSlug: "slack") { ownerId authorization { accessToken } }';
interface Item {
  readonly id?: string;
  readonly ownerId?: string;
  readonly connection?: Found | null;
  readonly authorization?: Found['authorization'];
}
interface Found {
  readonly ownerId: string;
  readonly authorization: { readonly accessToken: string } | null;
}

/** The expected item at a position: the owner of a connection and its token, or an error code. */
type Expected = string | null;

/** Returns the expected item for each key. Only the first distinct keys are within the limit. */
function expectedOf(ids: readonly (string | null)[]): Expected[] {
  const asked = new Set<string>();
  return ids.map((id) => {
    if (id === null) return null;
    if (INVALID.includes(id)) return 'BAD_USER_INPUT';
    if (!asked.has(id) && asked.size === MAX_CONNECTIONS) return 'LIMIT_EXCEEDED';
    asked.add(id);
    if (id === 'down') return 'PLATFORM_UNAVAILABLE';
    if (id === 'limited') return 'PLATFORM_RATE_LIMITED';
    return UNKNOWN.includes(id) ? `${id} without a token` : `${id} with sandbox-${id}-slack-1-token-1`;
  });
}

const describeFound = ({ ownerId, authorization }: Found) =>
  authorization ? `${ownerId} with ${authorization.accessToken}` : `${ownerId} without a token`;

/** Reads the item at each position, and for null the code of the error whose path points to it. */
function foundIn(result: ExecutionResult, field: string): Expected[] {
  const items = (result.data?.[field] ?? []) as (Item | null)[];
  return items.map((item, index) => {
    const found = item && 'connection' in item ? item.connection : item;
    if (found) return describeFound(found as Found);
    const error = result.errors?.find(({ path }) => path?.[0] === field && path[1] === index);
    return error ? String(error.extensions['code']) : null;
  });
}

const anyKey = fc.oneof(
  ...[CONNECTED, FAILING, UNKNOWN, INVALID].map((ids) => fc.constantFrom(...ids)),
  fc.stringMatching(/^[a-z]{3}$/).map((id) => `other-${id}`),
  fc.constant(null),
);
const isOther = (id: string | null) => id?.startsWith('other-') ?? false;
const expectedWithOthers = (ids: readonly (string | null)[]) =>
  expectedOf(ids).map((expected, index) =>
    isOther(ids[index] ?? null) && expected?.includes(' with ') ? `${ids[index]} without a token` : expected,
  );

it('returns to a stitching gateway one owner for each key, in order, with its own connection', async () => {
  const schema = createConnectionsSchema(options);
  const document = parse(`query ($ids: [ID]!) { _userOwners(ids: $ids) { id ${FIELDS} } }`);
  await fc.assert(
    fc.asyncProperty(fc.array(anyKey, { maxLength: 25 }), async (ids) => {
      const result = await execute({
        schema,
        document,
        variableValues: { ids },
        contextValue: createConnectionsContext(),
      });
      const owners = result.data?.['_userOwners'] as (Item | null)[];
      expect(owners.map((owner) => owner?.id ?? null)).toEqual(ids);
      expect(foundIn(result, '_userOwners')).toEqual(expectedWithOthers(ids));
    }),
    { numRuns: 1_000 },
  );
});

const ENTITIES = parse(`query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on User { ${FIELDS} }
    ... on Connection { ownerId authorization { accessToken } }
  }
}`);

/** The references that a router may send for an id: an owner, or a connection by either of its keys. */
const WAYS: readonly ((ownerId: string) => object)[] = [
  (id) => ({ __typename: 'User', id }),
  (ownerId) => ({ __typename: 'Connection', ownerKind: 'USER', ownerId, connectorSlug: 'slack' }),
  (ownerId) => ({
    __typename: 'Connection',
    id: formatConnectionId({ ownerKind: 'USER', ownerId, connectorSlug: 'slack' }),
  }),
];
const NONSENSE = [
  { __typename: 'Nonesuch', id: 'ann' },
  { __typename: 'Query' },
  { __typename: 'Authorization', accessToken: 'forged' },
  { __typename: 'User' },
  { __typename: 'User', id: { toString: 'ann' } },
  { __typename: 'Connection', id: 'VVNFUjphbm46c2xhY2s=' },
  { __typename: 'Connection', id: 7 },
  { __typename: 'Connection', ownerKind: 'ROBOT', ownerId: 'ann', connectorSlug: 'slack' },
  { id: 'ann' },
  'User',
  ['User'],
  7,
];

it('returns to a router one entity for each representation, in order', async () => {
  const schema = createConnectionsSubgraph(options);
  const anyId = anyKey.filter((id) => id !== null);
  // A router queries one type by one key at a time. Invalid references may be at any position.
  const asked = fc.tuple(
    fc.constantFrom(...WAYS),
    fc.array(fc.oneof({ weight: 5, arbitrary: anyId }, { weight: 1, arbitrary: fc.constantFrom(...NONSENSE) }), {
      maxLength: 25,
    }),
  );
  await fc.assert(
    fc.asyncProperty(asked, async ([toReference, keys]) => {
      const isId = (key: unknown) => typeof key === 'string' && key !== 'User';
      const representations = keys.map((key) => (isId(key) ? toReference(String(key)) : key));
      const ids = keys.map((key) => (isId(key) ? String(key) : ''));
      const result = await execute({
        schema,
        document: ENTITIES,
        variableValues: { representations },
        contextValue: createConnectionsContext(),
      });
      expect(foundIn(result, '_entities')).toEqual(expectedWithOthers(ids));
    }),
    { numRuns: 1_000 },
  );
});

it.each([
  ['_userOwners', '{ a: _userOwners(ids: $keys) { id } b: _userOwners(ids: ["ann"]) { id } }', '[ID]!'],
  [
    '_entities',
    '{ a: _entities(representations: $keys) { __typename } b: userConnection(userId: "ann", connectorSlug: "slack") { id } }',
    '[_Any!]!',
  ],
])('refuses more than 1,000 keys of %s, including duplicates, with a single error', async (_, fields, type) => {
  const create = type === '[ID]!' ? createConnectionsSchema : createConnectionsSubgraph;
  const result = await execute({
    schema: create(options),
    document: parse(`query ($keys: ${type}) ${fields}`),
    variableValues: { keys: Array.from({ length: 1_001 }, () => 'ann') },
    contextValue: createConnectionsContext(),
  });
  expect(result.errors?.map(({ message }) => message)).toEqual([
    'One operation may name at most 1000 owners, including duplicates.',
  ]);
});
