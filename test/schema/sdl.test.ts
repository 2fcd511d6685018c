import { readFileSync } from 'node:fs';

import {
  buildSchema,
  getNamedType,
  type GraphQLField,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isSpecifiedScalarType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { expect, it } from 'vitest';

import { createConnectionsSchema, createPlatformClient } from '../../src/index.js';
import { printSdl } from '../../src/server/graphql/composition.js';

const platform = createPlatformClient({ publishableKey: 'pk', secretKey: 'sk' });
const schema = createConnectionsSchema({ platform, catalog: { slug: 'acme' } });
const types = Object.values(schema.getTypeMap()).filter(
  (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
);

it('is equal to schema.graphql', async () => {
  expect((await printSdl()).trimEnd()).toBe(readFileSync('schema.graphql', 'utf8').trimEnd());
});

it('is equal to the SDL of the design', async () => {
  const withoutDescriptions = (await printSdl()).replaceAll(/"""[\s\S]*?"""\n/g, '');
  expect(printSchema(buildSchema(withoutDescriptions))).toBe(printSchema(lexicographicSortSchema(buildSchema(DESIGN))));
});

it('describes every type, field, argument and enum value', () => {
  const undescribed: string[] = [];
  const check = (path: string, { description }: { readonly description?: string | null | undefined }): void => {
    if (!description) undescribed.push(path);
  };
  for (const type of types) {
    check(type.name, type);
    if (isEnumType(type)) type.getValues().forEach((value) => check(`${type.name}.${value.name}`, value));
    if (!isObjectType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      check(`${type.name}.${field.name}`, field);
      if ('args' in field)
        (field as GraphQLField<unknown, unknown>).args.forEach((arg) =>
          check(`${type.name}.${field.name}(${arg.name}:)`, arg),
        );
    }
  }
  expect(undescribed).toEqual([]);
});

it('has no fields that the Platform API lacks: no expiry, scopes, refresh tokens or times', () => {
  const names = types.flatMap((type) => (isObjectType(type) ? Object.keys(type.getFields()) : []));
  expect(names.filter((name) => /expir|scope|refresh|created|updated|secret/i.test(name))).toEqual([]);
});

it('allows each root field to fail separately: it is nullable, or a list of nullable items', () => {
  const fields = schema.getQueryType()?.getFields() ?? {};
  expect(Object.fromEntries(Object.values(fields).map(({ name, type }) => [name, String(type)]))).toEqual({
    userConnection: 'Connection',
    groupConnection: 'Connection',
    connections: '[Connection]!',
  });
  expect(getNamedType(fields['connections']?.type)?.name).toBe('Connection');
});

const DESIGN = `
type Query {
  userConnection(userId: ID!, connectorSlug: String!, rejectedTokenFingerprint: String): Connection
  groupConnection(groupId: ID!, connectorSlug: String!, rejectedTokenFingerprint: String): Connection
  connections(keys: [ConnectionKey!]!): [Connection]!
}
input ConnectionKey { ownerKind: OwnerKind!  ownerId: ID!  connectorSlug: String! }
enum OwnerKind { USER GROUP }
type Connection {
  id: ID!
  ownerKind: OwnerKind!
  ownerId: ID!
  connectorSlug: String!
  platformId: ID
  connector: Connector!
  enabled: Boolean!
  state: ConnectionState!
  authorization: Authorization
  repairLink: RepairLink
}
enum ConnectionState { ACTIVE  NOT_FOUND  NOT_ENABLED  PENDING  NEEDS_REPAIR }
type Connector { slug: String!  name: String  shortDescription: String  markUrl: URL  about: String  description: String }
type Authorization {
  id: ID
  status: AuthorizationStatus!
  platformStatus: String!
  displayLabel: String
  errorCode: String
  errorMessage: String
  accessToken: String
  accessTokenFingerprint: String
}
enum AuthorizationStatus { ACTIVE  AWAITING_CALLBACK  RETRIEVING_TOKENS  ERROR  UNKNOWN }
type RepairLink { url: URL!  action: RepairAction!  reason: TokenUnavailableReason! }
enum RepairAction { SET_UP  FINISH  REPAIR }
enum TokenUnavailableReason {
  NOT_FOUND  NOT_ENABLED  AUTHORIZATION_MISSING  AUTHORIZATION_PENDING  AUTHORIZATION_ERROR
  TOKEN_MISSING  TOKEN_REJECTED  UNKNOWN_STATUS
}
scalar URL
`;
