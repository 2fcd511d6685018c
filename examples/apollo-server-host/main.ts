import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { stitchSchemas } from '@graphql-tools/stitch';
import { buildSchema } from 'graphql';
import {
  type Caller,
  type ConnectionsContext,
  createConnectionsContext,
  createConnectionsSchema,
  createPlatformClient,
} from 'xkit-graphql';
import { createSandbox, SANDBOX_CREDENTIALS } from 'xkit-graphql/sandbox';
import { subschemaConfig } from 'xkit-graphql/stitching';

// The host's own schema, which has users but no connections.
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
function callerOf(authorization: string | undefined): Caller | undefined {
  if (authorization !== 'Bearer demo') return undefined;
  return {
    id: 'demo',
    kind: 'service',
    scopes: ['connections:read', 'tokens:read'],
    users: 'any',
    groups: [],
    connectors: 'any',
  };
}

const server = new ApolloServer<ConnectionsContext>({
  schema: stitchSchemas({ subschemas: [users, subschemaConfig({ schema: connections })] }),
  // Apollo's default shows stack traces unless NODE_ENV is production.
  includeStacktraceInErrorResponses: false,
});

const { url } = await startStandaloneServer(server, {
  listen: { port: Number(process.env['PORT'] ?? 4000), host: '127.0.0.1' },
  context: async ({ req, res }) => {
    // Apollo Server has no abort signal. Without one, lookups continue after the client has hung up.
    const gone = new AbortController();
    res.once('close', () => gone.abort());
    return createConnectionsContext({ caller: callerOf(req.headers.authorization), signal: gone.signal });
  },
});
process.stdout.write(`Listening at ${url}\n`);
