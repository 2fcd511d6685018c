import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { stitchSchemas } from '@graphql-tools/stitch';
import { buildSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { type Caller, createConnectionsContext, createConnectionsSchema, createPlatformClient } from 'xkit-graphql';
import { createSandbox, SANDBOX_CREDENTIALS } from 'xkit-graphql/sandbox';
import { subschemaConfig } from 'xkit-graphql/stitching';

// The gateway's own schema, which has users but no connections.
const users = buildSchema('type Query { users: [User!]! } type User { id: ID! name: String! }');
const people = ['alice', 'bob', 'carol', 'dave'].map((id) => ({ id, name: id[0]?.toUpperCase() + id.slice(1) }));
Object.assign(users.getQueryType()?.getFields()['users'] ?? {}, { resolve: () => people });

// In production: createPlatformClient({ publishableKey, secretKey }), and no sandbox.
const sandbox = await createSandbox().listen();
const connections = createConnectionsSchema({
  platform: createPlatformClient({ ...SANDBOX_CREDENTIALS, apiUrl: sandbox.apiUrl }),
  catalog: { url: sandbox.url },
  ownerTypes: { user: 'User' },
});

/** Returns the caller that the request's credentials identify. Yours will come from a session or a token. */
function callerOf(request: Request): Caller | undefined {
  if (request.headers.get('authorization') !== 'Bearer demo') return undefined;
  return {
    id: 'demo',
    kind: 'service',
    scopes: ['connections:read', 'tokens:read'],
    users: 'any',
    groups: [],
    connectors: 'any',
  };
}

const yoga = createYoga({
  schema: stitchSchemas({ subschemas: [users, subschemaConfig({ schema: connections })] }),
  // Called once per request. A request shares everything that it loads, including tokens, and drops it at its end.
  context: ({ request }) => createConnectionsContext({ caller: callerOf(request), signal: request.signal }),
  cors: false,
});

const server = createServer(yoga).listen(Number(process.env['PORT'] ?? 4000), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`Listening at http://127.0.0.1:${port}/graphql\n`);
});
