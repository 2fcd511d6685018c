// A benchmark peer: the Mercurius of mercurius.js with the duties of this project, as a careful team would add them.
import { randomUUID } from 'node:crypto';
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import rateLimit from '@fastify/rate-limit';
import Fastify from 'fastify';
import { NoSchemaIntrospectionCustomRule } from 'graphql';
import mercurius from 'mercurius';

import { findCaller, requireAllowed } from './equipped/access.js';
import { recordOperation } from './equipped/audit.js';
import { formatErrors, refuse } from './equipped/errors.js';
import { countLookup, countOperation, serveMetrics } from './equipped/metrics.js';
import { Deadline, read } from './equipped/platform.js';
import { announce, ENDPOINT, toConnection, toPath, toUserKey, typeDefs } from './schema.js';

const MAX_BODY_BYTES = 100_000;
const MAX_DEPTH = 15;
const MAX_ALIASES = 500;
const MAX_TOKENS = 10_000;
/** Maximum distinct connections of one operation. */
const MAX_CONNECTIONS = 100;
const OPERATIONS_PER_MINUTE = 1_000_000;

async function fetchConnection(context, key, path) {
  requireAllowed(context, 'connections:read', key);
  context.deadline ??= new Deadline();
  try {
    const connection = toConnection(key, await read(path, context.deadline));
    // The audit names the owner of each token.
    if (connection.authorization) connection.authorization.key = key;
    countLookup(connection.state);
    return connection;
  } catch (error) {
    countLookup(error.extensions?.code ?? 'INTERNAL_SERVER_ERROR');
    throw error;
  }
}

/** Loads each connection of a request once. A map is enough, because the platform has no bulk endpoint to batch for. */
function load(context, key) {
  const { connections } = context;
  const path = toPath(key);
  let connection = connections.get(path);
  if (connection === undefined) {
    if (connections.size >= MAX_CONNECTIONS) throw refuse('LIMIT_EXCEEDED');
    connections.set(path, (connection = fetchConnection(context, key, path)));
  }
  return connection;
}

const resolvers = {
  Query: {
    userConnection: (_, args, context) => load(context, toUserKey(args)),
    connections: (_, { keys }, context) => Promise.all(keys.map((key) => load(context, key).catch((error) => error))),
  },
  Authorization: {
    // The response waits until the audit has recorded each token. See the hook onResolution.
    accessToken: (authorization, _, context) => {
      const { accessToken, key } = authorization;
      if (!accessToken || context.disclosed.has(authorization)) return accessToken;
      requireAllowed(context, 'tokens:read', key);
      context.disclosed.add(authorization);
      return accessToken;
    },
  },
};

const app = Fastify({ logger: false, bodyLimit: MAX_BODY_BYTES, genReqId: () => randomUUID() });
app.decorateRequest('caller', null);
app.addHook('onRequest', (request, _, done) => {
  request.caller = findCaller(request.headers.authorization);
  done(request.caller === null ? refuse('UNAUTHENTICATED') : undefined);
});
app.addHook('onError', (_request, _reply, error, done) => {
  countOperation(error.extensions?.code ?? 'OTHER');
  done();
});
await app.register(rateLimit, {
  max: OPERATIONS_PER_MINUTE,
  timeWindow: 60_000,
  keyGenerator: ({ caller }) => caller.id,
  errorResponseBuilder: () => refuse('RATE_LIMITED'),
  addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
  addHeadersOnExceeding: {
    'x-ratelimit-limit': false,
    'x-ratelimit-remaining': false,
    'x-ratelimit-reset': false,
  },
});
await app.register(mercurius, {
  schema: typeDefs,
  resolvers,
  path: ENDPOINT,
  graphiql: false,
  jit: 1,
  graphql: { parseOptions: { maxTokens: MAX_TOKENS } },
  queryDepth: MAX_DEPTH,
  validationRules: [NoSchemaIntrospectionCustomRule, maxAliasesRule({ n: MAX_ALIASES, allowList: [] })],
  errorFormatter: formatErrors,
  context: ({ caller, id }) => ({
    caller,
    requestId: id,
    connections: new Map(),
    disclosed: new Set(),
    refused: new Set(),
    deadline: null,
  }),
});
app.graphql.addHook('onResolution', async ({ errors }, context) => {
  context.deadline?.stop();
  if (context.disclosed.size > 0 || context.refused.size > 0) {
    await recordOperation(context).catch(() => {
      throw refuse('AUDIT_UNAVAILABLE');
    });
  }
  countOperation(errors ? (errors[0].extensions?.code ?? 'OTHER') : 'OK');
});

serveMetrics(Number(process.env.METRICS_PORT ?? 0));
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 0) });
announce(app.server.address().port);
