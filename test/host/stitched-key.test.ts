import type { SubschemaConfig } from '@graphql-tools/delegate';
import { buildHTTPExecutor } from '@graphql-tools/executor-http';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { stitchSchemas } from '@graphql-tools/stitch';
import { FilterRootFields, FilterTypes, RenameRootFields, RenameTypes } from '@graphql-tools/wrap';
import { execute, type ExecutionResult, type GraphQLSchema, parse, validate } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { afterAll, describe, expect, it } from 'vitest';

import { createConnectionsContext } from '../../src/index.js';
import { createGatewayExecutor, subschemaConfig } from '../../src/stitching/index.js';
import { startProcess } from '../support/gateway.js';
import { codesOf, createHost } from '../support/host.js';
import { listenAnywhere } from '../support/people.js';
import { KEYS } from '../support/policy.js';

// Mallory can set her nick, and that of her team, to any text: here to the ids of owners whose tokens she wants.
const MALLORY = { __typename: 'User', id: 'mallory', nick: 'alice' };
const TEAM = { __typename: 'Team', id: 'mallorys', nick: 'acme' };
const TOKEN_OF_A_VICTIM = /sandbox-\w+-slack/;

const createUsers = () =>
  makeExecutableSchema({
    typeDefs: `
      interface Named { nick: String! }
      union Owner = User | Team
      type Query { me: User acme: User users: [User!]! team: Team named: Named owners: [Owner!]! broken: User }
      type User implements Named { id: ID! nick: String! boss: User }
      type Team implements Named { id: ID! nick: String! }`,
    resolvers: {
      Query: {
        me: () => MALLORY,
        acme: () => ({ ...MALLORY, id: 'acme', nick: 'Team' }),
        users: () => [{ ...MALLORY, id: 'nobody', nick: 'nobody' }, MALLORY],
        team: () => TEAM,
        named: () => MALLORY,
        owners: () => [MALLORY, TEAM],
        broken: () => ({
          ...MALLORY,
          id: () => {
            throw new Error('The database is down.');
          },
        }),
      },
      User: { boss: () => MALLORY },
    },
  });

const CONNECTION = 'connection(connectorSlug: "slack") { state authorization { accessToken } }';

/** Every form of the attack. Each function takes the name of the key. */
const ATTACKS: readonly [string, (key: string) => string][] = [
  ['before the connection', (key) => `{ me { ${key}: nick ${CONNECTION} } }`],
  ['after the connection', (key) => `{ me { ${CONNECTION} ${key}: nick } }`],
  ['beside an alias of the connection', (key) => `{ me { ${key}: nick c: ${CONNECTION} } }`],
  [
    'beside many connections',
    (key) =>
      `{ me { ${key}: nick ${CONNECTION.replace('connection(connectorSlug: "slack")', 'connections(connectorSlugs: ["slack"])')} } }`,
  ],
  ['in an inline fragment', (key) => `{ me { ... { ${key}: nick } ${CONNECTION} } }`],
  ['in a typed inline fragment', (key) => `{ me { ... on User { ${key}: nick } ${CONNECTION} } }`],
  ['in a fragment on an interface', (key) => `{ me { ... on Named { ${key}: nick } ${CONNECTION} } }`],
  ['in a fragment', (key) => `{ me { ...F ${CONNECTION} } } fragment F on User { ${key}: nick }`],
  [
    'in a nested fragment',
    (key) => `{ me { ...F } } fragment F on User { ...G ${CONNECTION} } fragment G on User { ${key}: nick }`,
  ],
  ['in a repeated field', (key) => `{ me { ${CONNECTION} } me { ${key}: nick } }`],
  ['under a condition', (key) => `{ me { ${key}: nick @include(if: true) ${CONNECTION} } }`],
  ['in a list', (key) => `{ users { ${key}: nick ${CONNECTION} } }`],
  ['in a nested user', (key) => `{ me { boss { ${key}: nick ${CONNECTION} } } }`],
  ['in an interface', (key) => `{ named { ${key}: nick ... on User { ${CONNECTION} } } }`],
  ['in a union', (key) => `{ owners { ... on User { ${key}: nick ${CONNECTION} } } }`],
  ['in one operation of two', (key) => `query A { me { ${key}: nick ${CONNECTION} } } query B { __typename }`],
];
const TEAM_ATTACKS: readonly [string, (key: string) => string][] = [
  ['of a team', (key) => `{ team { ${key}: nick ${CONNECTION} } }`],
  ['of a team in a union', (key) => `{ owners { ... on Team { ${key}: nick ${CONNECTION} } } }`],
];

type Ask = (document: string) => Promise<ExecutionResult>;

/** @param keyOf returns the name of the key of a type */
function describeAttacks(
  name: string,
  ask: Ask,
  keyOf: (type: 'User' | 'Team') => string,
  rename = (text: string) => text,
) {
  describe(name, () => {
    const attacks = [
      ...ATTACKS.map(([form, toDocument]) => [form, toDocument, 'User'] as const),
      ...TEAM_ATTACKS.map(([form, toDocument]) => [form, toDocument, 'Team'] as const),
    ];
    it.each(attacks)(
      'refuses an alias with the name of the key, and returns no token: %s',
      async (_, toDocument, type) => {
        const result = await ask(rename(toDocument(keyOf(type))));
        expect(JSON.stringify(result)).not.toMatch(TOKEN_OF_A_VICTIM);
        expect(new Set(codesOf(result))).toEqual(new Set(['BAD_USER_INPUT']));
        // The gateway still returns its own fields.
        expect(Object.values(result.data ?? {})).not.toContain(null);
      },
    );

    it.each(attacks)('returns the right connection with any other alias: %s', async (_, toDocument) => {
      const result = await ask(rename(toDocument('_0123456789abcdef0123456789abcdef')));
      expect(JSON.stringify(result)).not.toMatch(TOKEN_OF_A_VICTIM);
      expect(result.errors ?? []).toEqual([]);
      expect(JSON.stringify(result.data)).toContain('"state":"NOT_FOUND"');
    });

    it('treats a user as a user even if an alias replaces the name of its type', async () => {
      const result = await ask(rename(`{ acme { __typename: nick ${CONNECTION} } }`));
      expect(JSON.stringify(result)).not.toMatch(TOKEN_OF_A_VICTIM);
      expect(JSON.stringify(result.data)).toContain('"state":"NOT_FOUND"');
    });

    it('returns no token to a client that learns the name of the key from an error', async () => {
      const { errors = [] } = await ask(rename(`{ broken { ${CONNECTION} } }`));
      const learned = errors.flatMap(({ path = [] }) => path).find((part) => String(part).startsWith('_'));
      expect(learned).toBe(keyOf('User'));
      const result = await ask(rename(`{ me { ${String(learned)}: nick ${CONNECTION} } }`));
      expect(JSON.stringify(result)).not.toMatch(TOKEN_OF_A_VICTIM);
      expect(codesOf(result)).toEqual(['BAD_USER_INPUT']);
    });
  });
}

const keysOf = ({ merge }: ReturnType<typeof subschemaConfig>) => {
  return (type: string) => /\{ (_\w+): /.exec(merge[type]?.selectionSet ?? '')?.[1] ?? `no key of ${type}`;
};

const OWNER_TYPES = { user: 'User', group: 'Team' };
const host = createHost({ ownerTypes: OWNER_TYPES });

const run = (schema: GraphQLSchema, toContext: () => object = createConnectionsContext): Ask => {
  return async (text) => {
    const document = parse(text);
    expect(validate(schema, document)).toEqual([]);
    return execute({
      schema,
      document,
      operationName: text.includes('query A') ? 'A' : null,
      contextValue: toContext(),
    });
  };
};

{
  const config = subschemaConfig({ schema: host.schema });
  const schema = stitchSchemas({ subschemas: [createUsers(), config] });
  describeAttacks('a schema stitched in process', run(schema), keysOf(config));
}

{
  const config = subschemaConfig({ schema: host.schema });
  const hidden = { ...config, transforms: [...config.transforms, new FilterRootFields(() => false)] };
  const schema = stitchSchemas({ subschemas: [createUsers(), hidden] });
  describeAttacks('a schema stitched without root fields', run(schema), keysOf(config));
}

{
  const config = subschemaConfig({ schema: host.schema });
  const toMember = (name: string) => (name === 'User' ? 'Member' : name);
  const schema = stitchSchemas({
    subschemas: [
      { schema: createUsers(), transforms: [new RenameTypes(toMember), new RenameRootFields((_, name) => name)] },
      {
        ...config,
        transforms: [...config.transforms, new RenameTypes(toMember)],
        merge: { ...config.merge, Member: config.merge['User'] ?? {} },
      },
    ],
  });
  describeAttacks('a schema stitched with renamed types', run(schema), keysOf(config), (text) =>
    text.replaceAll('on User', 'on Member'),
  );
}

{
  const server = await startProcess({ XKIT_USER_TYPE: 'User', XKIT_GROUP_TYPE: 'Team' });
  afterAll(() => server.close());
  const createConfig = () =>
    subschemaConfig({
      ownerTypes: OWNER_TYPES,
      executor: createGatewayExecutor({
        url: 'http://127.0.0.1/graphql',
        fetch: (_, init) => server.fetchAnonymously('/graphql', init),
        headers: () => ({ authorization: `Bearer ${KEYS.bff}` }),
      }),
    });
  const config = createConfig();
  const schema = stitchSchemas({ subschemas: [createUsers(), config] });
  describeAttacks(
    'a schema stitched over HTTP',
    run(schema, () => ({})),
    keysOf(config),
  );

  it.each(ATTACKS)('returns no token if the users are behind HTTP, too: %s', async (_, toDocument) => {
    const users = await listenAnywhere(createYoga({ schema: createUsers(), logging: false }));
    const remote = { schema: createUsers(), executor: buildHTTPExecutor({ endpoint: users.url }), batch: true };
    const other = createConfig();
    const ask = run(stitchSchemas({ subschemas: [remote, other] }), () => ({}));
    const result = await ask(toDocument(keysOf(other)('User')));
    expect(JSON.stringify(result)).not.toMatch(TOKEN_OF_A_VICTIM);
    // Yoga refuses the document that graphql-tools sends, because two of its fields have the same name.
    expect(result.errors?.length).toBeGreaterThan(0);
    await users.close();
  });
}

it.each([
  ['a user type is renamed', [new RenameTypes((name) => (name === 'User' ? 'Member' : name))], 'User'],
  ['all types are renamed', [new RenameTypes((name) => `Xkit${name}`)], 'Team and User'],
  ['a group type is removed', [new FilterTypes(({ name }) => name !== 'Team')], 'Team'],
])('throws an error that says what to do if %s', (_, transforms, lost) => {
  const config = subschemaConfig({ schema: host.schema });
  const stitch = (all: SubschemaConfig['transforms'] & object) =>
    stitchSchemas({ subschemas: [createUsers(), { ...config, transforms: all }] });
  const error = new RegExp(`renames or removes the type ${lost}, .+ set ownerTypes to the names that the gateway uses`);
  expect(() => stitch([...config.transforms, ...transforms])).toThrow(error);
  expect(() => stitch([...transforms, ...config.transforms])).toThrow(error);
});
