// A benchmark peer: Fastify and Mercurius with compiled queries, over an undici pool. It is the fastest combination.
import Fastify from 'fastify';
import mercurius from 'mercurius';
import { Pool } from 'undici';

import {
  announce,
  ENDPOINT,
  PLATFORM_HEADERS,
  PLATFORM_URL,
  toConnection,
  toPath,
  toUserKey,
  typeDefs,
} from './schema.js';

const pool = new Pool(PLATFORM_URL.origin, { connections: 256 });

async function fetchConnection(key, path) {
  const { statusCode, body } = await pool.request({
    method: 'GET',
    path: PLATFORM_URL.pathname + path,
    headers: PLATFORM_HEADERS,
  });
  if (statusCode === 200) return toConnection(key, await body.json());
  await body.dump();
  if (statusCode === 404) return toConnection(key, null);
  throw new Error(`The platform responded with HTTP ${statusCode}.`);
}

/** Loads each connection of a request once. A map is enough, because the platform has no bulk endpoint to batch for. */
function load({ connections }, key) {
  const path = toPath(key);
  let connection = connections.get(path);
  if (connection === undefined) connections.set(path, (connection = fetchConnection(key, path)));
  return connection;
}

const resolvers = {
  Query: {
    userConnection: (_, args, context) => load(context, toUserKey(args)),
    connections: (_, { keys }, context) => Promise.all(keys.map((key) => load(context, key).catch((error) => error))),
  },
};

const app = Fastify({ logger: false });
app.register(mercurius, {
  schema: typeDefs,
  resolvers,
  path: ENDPOINT,
  graphiql: false,
  jit: 1,
  context: () => ({ connections: new Map() }),
});
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 0) });
announce(app.server.address().port);
