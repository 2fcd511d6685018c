import { createServer, type RequestListener } from 'node:http';

import { buildSubgraphSchema } from '@apollo/subgraph';
import { buildSchema, type GraphQLSchema, parse } from 'graphql';
import { createYoga } from 'graphql-yoga';

import type { SandboxStore } from '../../src/sandbox/index.js';
import { listenLocally } from './listen.js';

/** The host gateway's own users, all connected to Slack. */
export const PEOPLE = Array.from({ length: 20 }, (_, index) => ({ id: `person-${index}`, name: `Person ${index}` }));
const TEAMS = [{ id: 'acme', title: 'Acme' }];

export const USERS_SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])
  type Query { users: [User!]! teams: [Team!]! }
  type User @key(fields: "id") { id: ID! name: String! }
  type Team @key(fields: "id") { id: ID! title: String! }
`;

/** Options of a host gateway's own schema, and of this module. */
export interface Setup {
  /** Whether the host gateway has its own fields with the names of this module's fields. @default false */
  readonly hasOwnFields?: boolean;
  /** The prefix of this module's fields. @default none */
  readonly fieldPrefix?: string;
}

/** The host gateway's own fields with the names of this module's fields. */
export const OWN_FIELDS = { connections: ['Paris', 'Rome'], userConnection: 'a train' };

/** Adds fields with the names of this module's fields to a schema of users. */
export const withOwnFields = (sdl: string) =>
  sdl
    .replace('type Query {', 'type Query { connections: [String!]! userConnection: String!')
    .replace('name: String!', 'name: String! connections: [String!]!');

/** The same schema for Hive's composition of schemas that are not subgraphs. */
export const STITCHED_USERS_SDL = `directive @key(fields: String!) on OBJECT ${USERS_SDL.replace(/extend schema.*/, '')}`;

/** Creates the host gateway's own schema, which has no connections. */
export function createUsersSchema({ hasOwnFields = false }: Setup = {}): GraphQLSchema {
  const sdl = USERS_SDL.replace(/extend schema.*/, '').replaceAll('@key(fields: "id")', '');
  const schema = buildSchema(hasOwnFields ? withOwnFields(sdl) : sdl);
  const { users, teams, connections, userConnection } = schema.getQueryType()?.getFields() ?? {};
  if (users) users.resolve = () => PEOPLE.map(toUser);
  if (teams) teams.resolve = () => TEAMS;
  if (connections) connections.resolve = () => OWN_FIELDS.connections;
  if (userConnection) userConnection.resolve = () => OWN_FIELDS.userConnection;
  return schema;
}

const toUser = (person: (typeof PEOPLE)[number]) => ({ ...person, connections: [`${person.name}'s sister`] });

/** Serves the users as a separate subgraph. */
export function serveUsers({ hasOwnFields = false }: Setup = {}) {
  const own = {
    connections: () => OWN_FIELDS.connections,
    userConnection: () => OWN_FIELDS.userConnection,
  };
  const schema = buildSubgraphSchema({
    typeDefs: parse(hasOwnFields ? withOwnFields(USERS_SDL) : USERS_SDL),
    resolvers: { Query: { users: () => PEOPLE.map(toUser), teams: () => TEAMS, ...(hasOwnFields && own) } },
  });
  return listenAnywhere(createYoga({ schema, logging: false }));
}

export function connectPeople(store: SandboxStore): void {
  for (const { id } of PEOPLE) store.setConnections(id, 'slack', [{ enabled: true, status: 'active' }]);
}

/** Serves GraphQL on a free loopback port. */
export async function listenAnywhere(listener: RequestListener) {
  const server = createServer(listener);
  const port = await listenLocally(server);
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
