import type { GraphQLSchema } from 'graphql';
import { createYoga, type YogaServerInstance, type YogaServerOptions } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';

import { type ConnectionsContext, createConnectionsContext } from '../schema/context.js';
import { ERROR_CODES } from '../schema/error-codes.js';
import { createDocumentCache } from './document-cache.js';
import { useCodedErrors } from './plugins/coded-errors.js';
import { useJsonPostOnly } from './plugins/json-post-only.js';
import { useNotFound } from './plugins/not-found.js';
import { useOperationLog } from './plugins/operation-log.js';
import { useResponseHeaders } from './plugins/response-headers.js';
import { requestIdOf } from './request-id.js';

type YogaOptions = YogaServerOptions<object, ConnectionsContext>;

/** Configures {@link createGateway}. */
export interface GatewayOptions {
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  /** Serves GraphiQL at the GraphQL endpoint, with a query to start from. Yoga's own page would load it from a CDN. */
  readonly graphiql?: { readonly render: YogaOptions['renderGraphiQL']; readonly defaultQuery: string } | undefined;
}

/** Answers GraphQL over HTTP, by `fetch` or as a listener of node:http. */
export type Gateway = YogaServerInstance<object, ConnectionsContext>;

/** Creates the gateway: GraphQL at `/graphql`, liveness at `/health`. */
export function createGateway({ schema, logger, graphiql }: GatewayOptions): Gateway {
  return createYoga({
    schema,
    context: ({ request }) => createConnectionsContext({ requestId: requestIdOf(request), signal: request.signal }),
    graphiql: graphiql
      ? { title: 'xkit-graphql', shouldPersistHeaders: false, defaultQuery: graphiql.defaultQuery }
      : false,
    renderGraphiQL: graphiql?.render,
    landingPage: false,
    // Reflects any origin, with credentials, unless it is off.
    cors: false,
    multipart: false,
    maxRequestBodySize: 100_000,
    // A syntax error is quickly found again.
    parserAndValidationCache: { documentCache: createDocumentCache(), errorCache: new LRUCache({ max: 1 }) },
    // Yoga's logger prints errors whole, and in development its mask shows them.
    logging: false,
    maskedErrors: { isDev: false, errorMessage: ERROR_CODES.INTERNAL_SERVER_ERROR.message },
    plugins: [
      useResponseHeaders(),
      useNotFound(['/graphql', '/health']),
      useJsonPostOnly(),
      useCodedErrors(),
      useOperationLog(logger),
    ],
  });
}
