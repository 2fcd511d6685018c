// A benchmark peer: GraphQL Yoga, Pothos, DataLoader and ofetch, combined as in their tutorials.
import { createServer } from 'node:http';
import SchemaBuilder from '@pothos/core';
import DataLoader from 'dataloader';
import { createYoga } from 'graphql-yoga';
import { ofetch } from 'ofetch';

import { announce, ENUMS, PLATFORM_HEADERS, PLATFORM_URL, toConnection, toPath, toUserKey } from './schema.js';

const platform = ofetch.create({ baseURL: PLATFORM_URL.href, headers: PLATFORM_HEADERS });

async function fetchConnection(key) {
  try {
    return toConnection(key, await platform(toPath(key)));
  } catch (error) {
    if (error.status === 404) return toConnection(key, null);
    throw error;
  }
}

// The keys are strings, because DataLoader treats two equal objects as different keys.
const toLoaderKey = ({ ownerKind, ownerId, connectorSlug }) => JSON.stringify({ ownerKind, ownerId, connectorSlug });

const createLoader = () =>
  new DataLoader((keys) => Promise.all(keys.map((key) => fetchConnection(JSON.parse(key)).catch((error) => error))));

const builder = new SchemaBuilder({});

const enums = Object.fromEntries(
  Object.entries(ENUMS).map(([name, values]) => [name, builder.enumType(name, { values })]),
);

const Connector = builder.objectRef('Connector').implement({
  fields: (t) => ({
    slug: t.exposeString('slug', { nullable: false }),
    name: t.exposeString('name', { nullable: false }),
  }),
});

const Authorization = builder.objectRef('Authorization').implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    status: t.expose('status', { type: enums.AuthorizationStatus, nullable: false }),
    platformStatus: t.exposeString('platformStatus', { nullable: false }),
    displayLabel: t.exposeString('displayLabel'),
    errorCode: t.exposeString('errorCode'),
    errorMessage: t.exposeString('errorMessage'),
    accessToken: t.exposeString('accessToken'),
  }),
});

const RepairLink = builder.objectRef('RepairLink').implement({
  fields: (t) => ({
    url: t.exposeString('url', { nullable: false }),
    action: t.expose('action', { type: enums.RepairAction, nullable: false }),
    reason: t.expose('reason', { type: enums.TokenUnavailableReason, nullable: false }),
  }),
});

const Connection = builder.objectRef('Connection').implement({
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false }),
    ownerKind: t.expose('ownerKind', { type: enums.OwnerKind, nullable: false }),
    ownerId: t.exposeID('ownerId', { nullable: false }),
    connectorSlug: t.exposeString('connectorSlug', { nullable: false }),
    enabled: t.exposeBoolean('enabled', { nullable: false }),
    state: t.expose('state', { type: enums.ConnectionState, nullable: false }),
    connector: t.expose('connector', { type: Connector, nullable: false }),
    authorization: t.expose('authorization', { type: Authorization }),
    repairLink: t.expose('repairLink', { type: RepairLink }),
  }),
});

const ConnectionKey = builder.inputType('ConnectionKey', {
  fields: (t) => ({
    ownerKind: t.field({ type: enums.OwnerKind, required: true }),
    ownerId: t.id({ required: true }),
    connectorSlug: t.string({ required: true }),
  }),
});

builder.queryType({
  fields: (t) => ({
    userConnection: t.field({
      type: Connection,
      args: { userId: t.arg.id({ required: true }), connectorSlug: t.arg.string({ required: true }) },
      resolve: (_, args, { connections }) => connections.load(toLoaderKey(toUserKey(args))),
    }),
    connections: t.field({
      type: [Connection],
      nullable: { list: false, items: true },
      args: { keys: t.arg({ type: [ConnectionKey], required: true }) },
      resolve: (_, { keys }, { connections }) => connections.loadMany(keys.map(toLoaderKey)),
    }),
  }),
});

const yoga = createYoga({
  schema: builder.toSchema(),
  context: () => ({ connections: createLoader() }),
  logging: false,
  graphiql: false,
});

const server = createServer(yoga);
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => announce(server.address().port));
