import { composeServices as composeWithApollo } from '@apollo/composition';
import { composeSubgraphs } from '@graphql-mesh/fusion-composition';
import { stitchSchemas, ValidationLevel } from '@graphql-tools/stitch';
import { composeServices as composeWithTheGuild } from '@theguild/federation-composition';
import { buildSchema, isObjectType, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { printSubgraphSdl } from '../../src/federation/index.js';
import { printStitchingSdl, subschemaConfig } from '../../src/stitching/index.js';
import { type Engine, OWNER_TYPES } from '../support/engine-module.js';
import { ENGINES } from '../support/engines.js';
import { createHost } from '../support/host.js';
import { createUsersSchema, OWN_FIELDS, STITCHED_USERS_SDL, USERS_SDL, withOwnFields } from '../support/people.js';
import { KEYS } from '../support/policy.js';

const SETUP = { hasOwnFields: true, fieldPrefix: 'xkit' };

/** The fields of the host gateway, and all fields of this module. */
const EVERYTHING = `{
  connections
  userConnection
  users {
    name
    connections
    xkitConnection(connectorSlug: "slack") { state authorization { accessToken } }
    xkitConnections(connectorSlugs: ["slack", "github"]) { connectorSlug state }
  }
  xkitUserConnection(userId: "person-1", connectorSlug: "slack") { state authorization { accessToken } }
  xkitGroupConnection(groupId: "acme", connectorSlug: "slack") { ownerKind state }
  xkitConnections(keys: [{ ownerKind: USER, ownerId: "person-2", connectorSlug: "slack" }]) { ownerId state }
}`;

describe.each(Object.entries(ENGINES))('%s, with a prefix', (_, start) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start(SETUP);
  });
  afterAll(() => engine.close());

  it("returns the gateway's own fields beside those of this module with the same names", async () => {
    const { data, errors = [] } = await engine.ask(EVERYTHING, KEYS.bff);
    expect(errors).toEqual([]);
    const { users, ...root } = data as { readonly users: readonly unknown[] };
    expect(users).toHaveLength(20);
    expect(users[3]).toEqual({
      name: 'Person 3',
      connections: ["Person 3's sister"],
      xkitConnection: { state: 'ACTIVE', authorization: { accessToken: 'sandbox-person-3-slack-1-token-1' } },
      xkitConnections: [
        { connectorSlug: 'slack', state: 'ACTIVE' },
        { connectorSlug: 'github', state: 'NOT_ENABLED' },
      ],
    });
    expect(root).toEqual({
      ...OWN_FIELDS,
      xkitUserConnection: { state: 'ACTIVE', authorization: { accessToken: 'sandbox-person-1-slack-1-token-1' } },
      xkitGroupConnection: { ownerKind: 'GROUP', state: 'ACTIVE' },
      xkitConnections: [{ ownerId: 'person-2', state: 'ACTIVE' }],
    });
  });
});

describe('a stitched schema', () => {
  const stitch = (fieldPrefix?: string, validationLevel?: ValidationLevel) =>
    stitchSchemas({
      subschemas: [
        createUsersSchema({ hasOwnFields: true }),
        subschemaConfig({ schema: createHost({ ownerTypes: OWNER_TYPES, fieldPrefix }).schema }),
      ],
      ...(validationLevel && { typeMergingOptions: { validationSettings: { validationLevel } } }),
    });

  it("loses the gateway's own field without a prefix, unless the gateway validates as the guide shows", () => {
    expect(String(stitch(undefined, ValidationLevel.Off).getQueryType()?.getFields()['userConnection']?.type)).toBe(
      'Connection',
    );
    expect(() => stitch(undefined, ValidationLevel.Error)).toThrow(
      'Definitions of field "Query.connections" implement inconsistent named types across subschemas',
    );
  });

  it('is created with a prefix, even if the gateway validates strictly', () => {
    expect(() => stitch('xkit', ValidationLevel.Error)).not.toThrow();
  });
});

describe('a federation', () => {
  const compose = (fieldPrefix?: string) => {
    const options = { ownerTypes: OWNER_TYPES, fieldPrefix };
    const services = [
      { name: 'users', url: 'http://127.0.0.1/users', typeDefs: parse(withOwnFields(USERS_SDL)) },
      { name: 'connections', url: 'http://127.0.0.1/connections', typeDefs: parse(printSubgraphSdl(options)) },
    ];
    return [composeWithApollo(services), composeWithTheGuild(services)] as const;
  };

  it('does not compose without a prefix, and names each field that collides', () => {
    for (const { errors = [], supergraphSdl } of compose()) {
      const messages = errors.map(({ message }) => message).join('\n');
      for (const field of ['Query.connections', 'Query.userConnection', 'User.connections']) {
        expect(messages).toContain(`Non-shareable field "${field}" is resolved from multiple subgraphs`);
      }
      expect(supergraphSdl).toBeUndefined();
    }
  });

  it('composes with a prefix', () => {
    const [apollo, theGuild] = compose('xkit');
    expect([apollo.errors ?? [], apollo.hints, theGuild.errors ?? []]).toEqual([[], [], []]);
  });
});

it('does not compose for Hive Gateway from the stitching SDL without a prefix', () => {
  const { errors = [], supergraphSdl } = composeSubgraphs([
    { name: 'users', url: 'http://127.0.0.1/users', schema: buildSchema(withOwnFields(STITCHED_USERS_SDL)) },
    {
      name: 'connections',
      url: 'http://127.0.0.1/connections',
      schema: buildSchema(printStitchingSdl({ ownerTypes: OWNER_TYPES })),
    },
  ]);
  expect(errors.map(({ message }) => message)).toContain(
    'Type of field "Query.userConnection" is incompatible across subgraphs: it has type "Connection" in subgraph "connections" but type "String!" in subgraph "users"',
  );
  expect(supergraphSdl).toBeUndefined();
});

it('adds the prefix to every field of a type that is not ours, and to nothing else', () => {
  const listFields = (fieldPrefix?: string) => {
    const { schema } = createHost({ ownerTypes: OWNER_TYPES, fieldPrefix });
    return Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
      .flatMap((type) =>
        isObjectType(type) ? Object.keys(type.getFields()).map((name) => `${type.name}.${name}`) : [],
      );
  };
  const before = listFields();
  const after = listFields('xkit');
  expect(before.filter((field) => !after.includes(field))).toEqual([
    'Query._groupOwners',
    'Query._userOwners',
    'Query.connections',
    'Query.groupConnection',
    'Query.userConnection',
    'Team.connection',
    'Team.connections',
    'User.connection',
    'User.connections',
  ]);
  expect(after.filter((field) => !before.includes(field))).toEqual([
    'Query._xkitGroupOwners',
    'Query._xkitUserOwners',
    'Query.xkitConnections',
    'Query.xkitGroupConnection',
    'Query.xkitUserConnection',
    'Team.xkitConnection',
    'Team.xkitConnections',
    'User.xkitConnection',
    'User.xkitConnections',
  ]);
});
