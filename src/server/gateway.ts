import type { GraphQLSchema } from 'graphql';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import type { Logger } from 'pino';

import { type ConnectionsContext, createConnectionsContext } from '../schema/context.js';
import { ERROR_CODES } from '../schema/error-codes.js';
import { useJsonPostOnly } from './plugins/json-post-only.js';
import { useLoopbackHostOnly } from './plugins/loopback-host-only.js';
import { useOperationLog } from './plugins/operation-log.js';
import { useResponseHeaders } from './plugins/response-headers.js';
import { requestIdOf } from './request-id.js';

export interface GatewayOptions {
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  /** Serves GraphiQL at the GraphQL endpoint, with this query in its first tab. Needs @graphql-yoga/render-graphiql. */
  readonly graphiql?: { readonly defaultQuery: string };
}

/** Answers GraphQL over HTTP, by `fetch` or as a listener of node:http. */
export type Gateway = YogaServerInstance<object, ConnectionsContext>;

/** Creates the gateway: GraphQL at `/graphql`, liveness at `/health`. */
export async function createGateway({ schema, logger, graphiql }: GatewayOptions): Promise<Gateway> {
  return createYoga({
    schema,
    context: ({ request }) => createConnectionsContext({ requestId: requestIdOf(request), signal: request.signal }),
    graphiql: graphiql ? { title: 'xkit-graphql', shouldPersistHeaders: false, ...graphiql } : false,
    // Yoga's own page loads its scripts from a CDN; this one is bundled.
    ...(graphiql && { renderGraphiQL: (await import('@graphql-yoga/render-graphiql')).renderGraphiQL }),
    landingPage: false,
    // Reflects any origin, with credentials, unless it is off.
    cors: false,
    multipart: false,
    maxRequestBodySize: 100_000,
    // Yoga's logger prints errors whole, and in development its mask shows them.
    logging: false,
    maskedErrors: { isDev: false, errorMessage: ERROR_CODES.INTERNAL_SERVER_ERROR.message },
    plugins: [useLoopbackHostOnly(), useResponseHeaders(), useJsonPostOnly(), useOperationLog(logger)],
  });
}
