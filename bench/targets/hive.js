// A benchmark peer: Hive Gateway's runtime over a supergraph that maps fields to the Platform API (hive-compose.js).
import { readFileSync } from 'node:fs';
import { Agent, createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import rest from '@graphql-mesh/transport-rest';

import { announce, ENDPOINT, PLATFORM_HEADERS, PLATFORM_URL } from './schema.js';

// Node's own agent opens any number of connections, and afterwards closes all but 256 of them. They would hardly be
// reused.
const agent = new Agent({ keepAlive: true, maxSockets: 256 });

const gateway = createGatewayRuntime({
  supergraph: readFileSync(new URL('hive-supergraph.graphql', import.meta.url), 'utf8'),
  transports: { rest },
  transportEntries: { platform: { location: PLATFORM_URL.href, headers: Object.entries(PLATFORM_HEADERS) } },
  customAgent: () => agent,
  graphqlEndpoint: ENDPOINT,
  graphiql: false,
  landingPage: false,
  logging: false,
});
await gateway.getSchema();

const server = createServer(gateway);
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => announce(server.address().port));
