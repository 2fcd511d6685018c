import { composeServices as composeWithApollo } from '@apollo/composition';
import { stitchSchemas } from '@graphql-tools/stitch';
import { composeServices as composeWithTheGuild } from '@theguild/federation-composition';
import { buildSchema, execute, lexicographicSortSchema, parse, printSchema } from 'graphql';
import { describe, expect, it } from 'vitest';

import { printSubgraphSdl } from '../../src/federation/index.js';
import { type CompositionOptions, createConnectionsContext, createConnectionsSchema } from '../../src/index.js';
import { printStitchingSdl, subschemaConfig } from '../../src/stitching/index.js';
import { codesOf, createHost } from '../support/host.js';
import { createUsersSchema, USERS_SDL } from '../support/people.js';

const OWNER_TYPES = { user: 'User', group: 'Team' };

/** The SDL of the users service, with descriptions of its types. */
const DESCRIBED = USERS_SDL.replace('type User', '"A person who works here." type User').replace(
  'id: ID! name',
  '"Whose number it is." id: ID! name',
);

const toServices = (options: Parameters<typeof printSubgraphSdl>[0], usersSdl = DESCRIBED) => [
  { name: 'users', url: 'http://127.0.0.1/users', typeDefs: parse(usersSdl) },
  { name: 'connections', url: 'http://127.0.0.1/connections', typeDefs: parse(printSubgraphSdl(options)) },
];

describe('a subgraph', () => {
  it.each([
    ['with the default directives', { ownerTypes: OWNER_TYPES }],
    ['without scopes', { ownerTypes: OWNER_TYPES, scopeDirectives: false }],
    ['with prefixes', { ownerTypes: OWNER_TYPES, typePrefix: 'Xkit', fieldPrefix: 'xkit' }],
    ['with connections only', {}],
  ])('composes in Apollo and The Guild without an error or a hint: %s', (_, options) => {
    const { errors = [], hints = [], supergraphSdl } = composeWithApollo(toServices(options));
    expect([errors, hints]).toEqual([[], []]);
    expect(supergraphSdl).toContain('state: ');
    const other = composeWithTheGuild(toServices(options));
    expect(other.errors ?? []).toEqual([]);
    expect(other.supergraphSdl).toContain('state: ');
  });

  it('declares the scope of tokens for the router', () => {
    expect(printSubgraphSdl()).toContain(
      'accessToken: String @authenticated @requiresScopes(scopes: [["tokens:read"]])',
    );
    expect(printSubgraphSdl({ scopeDirectives: false })).not.toContain('tokens:read"]');
  });

  it('uses the configured name of the key field', () => {
    expect(printSubgraphSdl({ ownerTypes: { user: 'Member' }, keyField: 'memberId' })).toMatch(
      /type Member\n\s+@key\(fields: "memberId"\)/,
    );
  });
});

describe('a stitched gateway', () => {
  const toGateway = (options: CompositionOptions, ...others: string[]) => {
    const { schema } = createHost(options);
    const subschemas = others.map((sdl) => buildSchema(sdl));
    return stitchSchemas({ subschemas: [createUsersSchema(), ...subschemas, subschemaConfig({ schema })] });
  };

  it('hides the root fields that return owners', () => {
    const sdl = printSchema(toGateway({ ownerTypes: OWNER_TYPES }));
    expect(sdl).not.toMatch(/_userOwners|_groupOwners/);
    expect(sdl).toContain('userConnection(');
  });

  it('keeps its own type Connection beside the prefixed one', async () => {
    const sdl = `type Query { pages: Connection } type Connection { cursor: String } scalar URL`;
    const schema = toGateway({ ownerTypes: OWNER_TYPES, typePrefix: 'Xkit' }, sdl);
    expect(Object.keys(schema.getTypeMap())).toEqual(
      expect.arrayContaining(['Connection', 'XkitConnection', 'XkitURL', 'XkitConnectionKey']),
    );
    expect(printSchema(schema)).toContain('type Connection {\n  cursor: String\n}');
    const result = await execute({
      schema,
      document: parse(`{
        userConnection(userId: "alice", connectorSlug: "github") { __typename repairLink { __typename url } }
        users { connection(connectorSlug: "slack") { __typename state } }
      }`),
      contextValue: createConnectionsContext(),
    });
    expect(codesOf(result)).toEqual([]);
    expect(result.data).toMatchObject({
      userConnection: { __typename: 'XkitConnection', repairLink: { __typename: 'XkitRepairLink' } },
    });
  });

  it('has the stitching directives in the printed SDL, too', () => {
    const sdl = printStitchingSdl({ ownerTypes: OWNER_TYPES });
    expect(sdl).toContain('directive @merge(');
    expect(sdl).toContain('): [User] @merge(keyField: "id")');
    expect(() => buildSchema(sdl)).not.toThrow();
  });

  it('reports how to add the missing connections context', async () => {
    const schema = toGateway({ ownerTypes: OWNER_TYPES });
    const { data, errors } = await execute({
      schema,
      document: parse('{ users { name connection(connectorSlug: "slack") { state } } }'),
      contextValue: { somethingElse: true },
    });
    expect(data?.['users']).toContainEqual({ name: 'Person 0', connection: null });
    expect(new Set(errors?.map(({ message }) => message))).toEqual(
      new Set([
        'The GraphQL context has no connections request. Spread createConnectionsContext() of xkit-graphql into it.',
      ]),
    );
  });
});

it.each<[object, string]>([
  [{ ownerTypes: { user: 'a user' } }, 'ownerTypes.user must be a GraphQL name: letters, digits and underscores.'],
  [{ ownerTypes: { group: '__Team' } }, 'ownerTypes.group must be a GraphQL name: letters, digits and underscores.'],
  [{ ownerTypes: { user: 7 } }, 'ownerTypes.user must be a GraphQL name: letters, digits and underscores.'],
  [{ ownerTypes: { users: 'User' } }, 'ownerTypes may have only the properties user and group.'],
  [{ ownerTypes: { user: 'User', group: 'User' } }, 'ownerTypes must name two different types.'],
  ...['Query', 'Mutation', 'ID', 'String', 'Int', 'Boolean', '_Any', '_Entity', 'Connection'].map(
    (user): [object, string] => [
      { ownerTypes: { user } },
      `ownerTypes must not name ${user}: another type has this name. See typePrefix.`,
    ],
  ),
  [
    { ownerTypes: { user: 'link__Import' } },
    'ownerTypes.user must be a GraphQL name: letters, digits and underscores.',
  ],
  [{ ownerTypes: { user: 'User' }, keyField: '' }, 'keyField must be a GraphQL name: letters, digits and underscores.'],
  [
    { ownerTypes: { user: 'User' }, keyField: 'connections' },
    'keyField must not be connection or connections: the schema adds fields with these names. See fieldPrefix.',
  ],
  [
    { ownerTypes: { user: 'User' }, keyField: 'xkitConnection', fieldPrefix: 'xkit' },
    'keyField must not be xkitConnection or xkitConnections: the schema adds fields with these names. See fieldPrefix.',
  ],
  [{ typePrefix: '-' }, 'typePrefix must be a GraphQL name: letters, digits and underscores.'],
  ...['-', '7xkit', '_xkit', 'xkit_', 'xk it', 'ñ', 7, null].map((fieldPrefix): [object, string] => [
    { fieldPrefix },
    'fieldPrefix must be letters and digits, and begin with a letter.',
  ]),
])('refuses %j: %s', (options, message) => {
  expect(() => createHost(options)).toThrow(new TypeError(message));
});

it('returns the same schema without composition options and with empty ones', () => {
  const plain = createHost().schema;
  const named = createConnectionsSchema({
    platform: { readConnection: () => Promise.reject(new Error('unused')), close: () => Promise.resolve() },
    catalog: { slug: 'acme' },
    ownerTypes: {},
    keyField: undefined,
    typePrefix: undefined,
    fieldPrefix: undefined,
  });
  expect(printSchema(lexicographicSortSchema(named))).toBe(printSchema(lexicographicSortSchema(plain)));
});
