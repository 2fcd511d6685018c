import type { RequestListener } from 'node:http';

import type { GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';

import type { PlatformClient } from '../platform/client.js';
import { type ConnectionsContext, createConnectionsContext } from '../schema/context.js';
import { ERROR_CODES } from '../schema/error-codes.js';
import type { Authenticate } from './authentication/authenticate.js';
import type { CompiledDocuments } from './documents/compiler.js';
import { createDocumentCache } from './documents/document-cache.js';
import { DOCUMENT_ID, type TrustedDocuments } from './documents/trusted-documents.js';
import type { Graphiql } from './graphiql/graphiql.js';
import { toJsonAnswer } from './http/answer.js';
import type { AskedRequest } from './http/asked-request.js';
import { hangUpOf } from './http/hang-up.js';
import { createFailureLog } from './logs/log-failure.js';
import { createOperationLog } from './logs/operation-log.js';
import { createLookupWatch } from './logs/watch-lookups.js';
import type { OperationMetrics } from './metrics/operation-metrics.js';
import { requireCaller } from './middleware/authentication.js';
import { createCompiledOperations } from './middleware/compiled-operations.js';
import { showGraphiql } from './middleware/graphiql.js';
import { holdBack } from './middleware/hold-back.js';
import { requireJsonPost } from './middleware/json-post-only.js';
import { limitRate } from './middleware/rate-limit.js';
import { createRoutes } from './middleware/routes.js';
import { createMiddleware, type NodeContext } from './middleware/create-middleware.js';
import { observeAll } from './operations/operation-observer.js';
import { type OperationRecord, recordOf } from './operations/operation-record.js';
import { useAnswerSize } from './plugins/answer-size.js';
import { useCodedErrors } from './plugins/coded-errors.js';
import { useCountedRefusals } from './plugins/counted-refusals.js';
import { useDocumentLimits } from './plugins/document-limits.js';
import { useNoIntrospection } from './plugins/introspection.js';
import { useJsonBody } from './plugins/json-body.js';
import { useObservedOperations } from './plugins/observed-operations.js';
import { useQuickValidation } from './plugins/quick-validation.js';
import { useResponseHeaders } from './plugins/response-headers.js';
import { useTrustedDocuments } from './plugins/trusted-documents.js';
import type { RateLimit } from './rate-limit.js';
import { createOperationTrace } from './tracing/trace-operations.js';
import type { Tracing } from './tracing/tracing.js';

/** Whether requests to the platform go through, or its breaker is open. */
export type PlatformState = 'up' | 'down';

/** Configures {@link createGateway}. */
export interface GatewayOptions {
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  /** Finds out who asks. */
  readonly authenticate: Authenticate;
  readonly rateLimit: RateLimit;
  /** Admits each operation. @default all of them at once */
  readonly admit?: PlatformClient['admit'];
  /** Whether the schema may be asked for, by known callers. */
  readonly introspection: boolean;
  /** Origins whose pages may read the answers, such as `https://app.example.com`. */
  readonly corsOrigins?: readonly string[] | undefined;
  readonly trustedDocuments?: TrustedDocuments | undefined;
  /** The trusted documents that are executed by compiled code. @default none: everything is interpreted */
  readonly compiledDocuments?: CompiledDocuments | undefined;
  readonly graphiql?: Graphiql | null | undefined;
  /** What the platform was like lately, for `/ready`. */
  readonly platformState: () => PlatformState;
  /** Counts the operations. */
  readonly metrics?: OperationMetrics | undefined;
  /** Traces the operations. */
  readonly tracing?: Tracing | null | undefined;
  /** The slugs that may be asked for, if there is a list. */
  readonly connectors?: readonly string[] | undefined;
}

/** Answers GraphQL over HTTP. */
export interface Gateway {
  readonly fetch: (request: Request) => Response | Promise<Response>;
  /** Listens to node:http. */
  readonly listener: RequestListener;
}

/** Creates the gateway: GraphQL at `/graphql`, liveness at `/health`, readiness at `/ready`. */
export function createGateway(options: GatewayOptions): Gateway {
  const { schema, logger, authenticate, introspection, corsOrigins = [], trustedDocuments, graphiql } = options;
  const observer = observeAll([
    ...(options.tracing ? [createOperationTrace(options.tracing)] : []),
    createOperationLog(logger),
    ...(options.metrics ? [options.metrics.operations] : []),
    createLookupWatch(logger, options.connectors),
  ]);
  const { compiledDocuments } = options;
  const compiled = compiledDocuments
    ? createCompiledOperations({ compiledDocuments, trustedDocuments, observer, toContext })
    : null;
  const chain = [
    ...(graphiql ? [showGraphiql(graphiql, authenticate, options.rateLimit)] : []),
    // Ready even while the platform is down: every replica would be taken away, and nobody would say why.
    createRoutes(() => toJsonAnswer({ status: 'ready', platform: options.platformState() })),
    requireCaller(authenticate, { logger, hasPage: Boolean(graphiql) }),
    limitRate(options.rateLimit, logger),
    requireJsonPost,
    beginRecord,
    ...(options.admit ? [holdBack(options.admit)] : []),
    ...(compiled ? [compiled.middleware] : []),
  ];
  const middleware = createMiddleware(chain, createFailureLog(logger));
  const yoga = createYoga<NodeContext, ConnectionsContext>({
    schema,
    context: ({ request, ...context }) => toContext(recordOf(request), request, context),
    // Yoga's page is loaded from a CDN.
    graphiql: false,
    landingPage: false,
    // Reflects any origin, with credentials, unless it is told otherwise.
    cors: corsOrigins.length > 0 ? (request) => toCors(request, corsOrigins) : false,
    multipart: false,
    // useJsonBody has a limit of its own.
    maxRequestBodySize: false,
    // A syntax error is quickly found again.
    parserAndValidationCache: { documentCache: createDocumentCache(), errorCache: new LRUCache({ max: 1 }) },
    extraParamNames: trustedDocuments ? [DOCUMENT_ID] : [],
    // Yoga's logger prints errors whole, and in development its mask shows them.
    logging: false,
    maskedErrors: { isDev: false, errorMessage: ERROR_CODES.INTERNAL_SERVER_ERROR.message },
    plugins: [
      useResponseHeaders(),
      options.metrics ? useCountedRefusals(options.metrics) : {},
      middleware.plugin,
      useJsonBody(),
      trustedDocuments ? useTrustedDocuments(trustedDocuments) : {},
      useQuickValidation(),
      useDocumentLimits(),
      introspection ? {} : useNoIntrospection(),
      useAnswerSize(),
      useCodedErrors(),
      useObservedOperations(observer),
      compiled?.plugin ?? {},
    ],
  });
  return { fetch: (request) => yoga.fetch(request), listener: middleware.before(yoga) };
}

/** What comes this far is let in: how long it takes counts from here. */
function beginRecord(request: AskedRequest): null {
  recordOf(request).startedAt = performance.now();
  return null;
}

function toContext(record: OperationRecord, request: AskedRequest, { res }: NodeContext): ConnectionsContext {
  return createConnectionsContext({
    requestId: record.requestId,
    signal: res ? hangUpOf(res) : request.signal,
    caller: record.authenticated?.caller,
    observer: record,
  });
}

/** Allows the pages of named origins alone. Credentials are no cookie: the page has to have them, and sends them itself. */
function toCors(request: Request, origins: readonly string[]) {
  const origin = request.headers.get('origin');
  if (origin === null || !origins.includes(origin)) return false;
  return {
    // Two, since Yoga says that an answer varies by origin only where there are several.
    origin: [origin, ''],
    credentials: false,
    methods: ['POST'],
    allowedHeaders: ['authorization', 'content-type', 'x-request-id'],
    exposedHeaders: ['x-request-id', 'retry-after'],
    maxAge: 600,
  };
}
