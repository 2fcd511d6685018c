import type { Logger } from 'pino';

import type { AuditMode, AuditSink } from '../access/audit.js';
import { createOwnerHash } from '../access/owner-hash.js';
import type { CatalogOptions } from '../domain/repair-link.js';
import { createPlatformClient, type PlatformClientOptions } from '../platform/client.js';
import { DEFAULT_DEADLINE_MS } from '../loaders/connection-loader.js';
import { createAuthenticate } from './authentication/authenticate.js';
import { type Composition, loadCreateSchema } from './composition.js';
import { createGateway, type GatewayOptions, type PlatformState } from './gateway.js';
import { type HttpServer, listen } from './http/listen.js';
import { createFailureLog, createShedLog, logBreaker } from './logs/log-failure.js';
import type { Metrics } from './metrics/metrics.js';
import { createOverload } from './http/overload.js';
import { deriveOwnerHashKey } from './logs/owner-hash-key.js';
import type { PolicyFile } from './policy-file.js';
import { createRateLimiter } from './rate-limit.js';
import { compileDocuments } from './documents/compiler.js';
import { readManifest, type TrustedDocumentsMode } from './documents/trusted-documents.js';

const DEFAULT_MAX_OPERATIONS = 1_000;
/** Time that a shutdown leaves an operation for all but its lookups, in milliseconds. */
const DRAIN_MARGIN_MS = 2_000;

/** Configures {@link startGateway}. */
export interface StartGatewayOptions extends Pick<
  GatewayOptions,
  'graphiql' | 'introspection' | 'corsOrigins' | 'tracing'
> {
  readonly host: string;
  readonly port: number;
  /** Whether only requests to a loopback host are answered. */
  readonly isLoopbackOnly: boolean;
  readonly platform: PlatformClientOptions;
  readonly catalog: CatalogOptions;
  readonly composition: Composition;
  readonly connectors?: readonly string[] | undefined;
  readonly maxConnections?: number | undefined;
  /** Time for all the lookups of one operation, in milliseconds. @default 8000 */
  readonly deadlineMs?: number | undefined;
  /** Operations at the same time at most. @default 1000 */
  readonly maxOperations?: number | undefined;
  /** How late the event loop may be before operations are refused, in milliseconds. @default 150 */
  readonly maxDelayMs?: number | undefined;
  readonly policy: PolicyFile;
  readonly audit: {
    readonly sink: AuditSink;
    readonly mode: AuditMode;
    /** Key of the owners' hashes. @default one derived from the platform's secret key */
    readonly ownerHashKey?: string | undefined;
  };
  readonly trustedDocuments?: { readonly path: string; readonly mode: TrustedDocumentsMode } | undefined;
  readonly operationsPerMinute: number;
  readonly redisUrl?: string | undefined;
  /** Whether this process is a worker, whose primary counts the operations of all. @default false */
  readonly isWorker?: boolean | undefined;
  /** Counts what the gateway does, where somebody reads it. */
  readonly metrics?: Metrics | undefined;
  readonly logger: Logger;
}

/** A running gateway. */
export interface RunningGateway extends HttpServer {
  /** Takes another policy, for the requests that come from now on. */
  setPolicy(policy: PolicyFile): void;
}

/**
 * Starts the gateway: client, schema, Yoga and port.
 *
 * @throws {ConfigurationError} if the composition needs packages that are not installed
 * @throws {ListenError} if the port cannot be opened
 * @throws {ManifestError} if a trusted document cannot be executed
 */
export async function startGateway(options: StartGatewayOptions): Promise<RunningGateway> {
  const { host, port, isLoopbackOnly, logger, introspection, corsOrigins, graphiql, metrics } = options;
  const createSchema = await loadCreateSchema(options.composition);
  let platformState: PlatformState = 'up';
  const platform = createPlatformClient({
    ...options.platform,
    onEvent: (event) => {
      metrics?.onPlatformEvent(event);
      if (event.type !== 'breaker') return;
      platformState = event.state === 'open' ? 'down' : 'up';
      logBreaker(logger, event.state);
    },
  });
  const sink = metrics?.measureAudit(options.audit.sink) ?? options.audit.sink;
  const ownerHashKey = options.audit.ownerHashKey ?? deriveOwnerHashKey(options.platform.secretKey);
  const schema = createSchema({
    ...options.composition,
    platform,
    catalog: options.catalog,
    connectors: options.connectors,
    maxConnections: options.maxConnections,
    deadlineMs: options.deadlineMs,
    audit: { ...options.audit, sink, ownerHashKey },
    onFailure: createFailureLog(logger),
  });
  const hashSubject = createOwnerHash(ownerHashKey);
  let authenticate = createAuthenticate(options.policy, hashSubject);
  const manifest = options.trustedDocuments;
  const trustedDocuments = manifest && { mode: manifest.mode, documents: readManifest(manifest.path, schema) };
  const compiledDocuments = trustedDocuments && (await compileDocuments(schema, trustedDocuments.documents.values()));
  const rateLimiter = await createRateLimiter(options);
  const gateway = createGateway({
    schema,
    logger,
    authenticate: (authorization) => authenticate(authorization),
    rateLimit: rateLimiter.count,
    admit: platform.admit,
    introspection,
    corsOrigins,
    trustedDocuments,
    compiledDocuments,
    graphiql,
    platformState: () => platformState,
    metrics,
    tracing: options.tracing,
    connectors: options.connectors,
  });
  const overload = createOverload(options.maxOperations ?? DEFAULT_MAX_OPERATIONS, options.maxDelayMs);
  const closeBehind = () => {
    overload.close();
    return Promise.all([platform.close(), rateLimiter.close()]);
  };
  const { isOverloaded } = overload;
  const logShed = createShedLog(logger);
  const drainMs = (options.deadlineMs ?? DEFAULT_DEADLINE_MS) + DRAIN_MARGIN_MS;
  const server = await listen(gateway.listener, {
    host,
    port,
    portVariable: 'PORT',
    isLoopbackOnly,
    drainMs,
    isOverloaded,
    onShed: (inFlight) => {
      metrics?.onShed();
      logShed(inFlight);
    },
  }).catch(async (error: unknown) => {
    await closeBehind();
    throw error;
  });
  metrics?.watch({ inFlight: server.load, takeMaxDelayMs: overload.takeMaxDelayMs });
  return {
    url: server.url,
    load: server.load,
    setPolicy: (policy) => {
      authenticate = createAuthenticate(policy, hashSubject);
    },
    close: async () => {
      await server.close();
      await closeBehind();
      await options.tracing?.close();
    },
  };
}
