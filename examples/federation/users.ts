import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { createYoga } from 'graphql-yoga';

/** The schema of the users subgraph, which has no connections. */
export const USERS_SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])
  type Query { users: [User!]! }
  type User @key(fields: "id") { id: ID! name: String! }
`;

const people = ['alice', 'bob', 'carol', 'dave'].map((id) => ({ id, name: id[0]?.toUpperCase() + id.slice(1) }));

/** Serves the users subgraph, and returns its URL. */
export async function serveUsers(port: number): Promise<string> {
  const schema = buildSubgraphSchema({ typeDefs: parse(USERS_SDL), resolvers: { Query: { users: () => people } } });
  const server = createServer(createYoga({ schema, cors: false })).listen(port, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}
