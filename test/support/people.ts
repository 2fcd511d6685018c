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

/** The same schema for Hive's composition of schemas that are not subgraphs. */
export const STITCHED_USERS_SDL = `directive @key(fields: String!) on OBJECT ${USERS_SDL.replace(/extend schema.*/, '')}`;

/** Creates the host gateway's own schema, which has no connections. */
export function createUsersSchema(): GraphQLSchema {
  const schema = buildSchema(USERS_SDL.replace(/extend schema.*/, '').replaceAll('@key(fields: "id")', ''));
  const { users, teams } = schema.getQueryType()?.getFields() ?? {};
  if (users) users.resolve = () => PEOPLE;
  if (teams) teams.resolve = () => TEAMS;
  return schema;
}

/** Serves the users as a separate subgraph. */
export function serveUsers() {
  const schema = buildSubgraphSchema({
    typeDefs: parse(USERS_SDL),
    resolvers: { Query: { users: () => PEOPLE, teams: () => TEAMS } },
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
