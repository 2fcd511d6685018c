import { writeSync } from 'node:fs';
import type { Logger } from 'pino';
import { type AuditMode, type AuditSink, createOwnerHash } from '../access/audit.js';
import type { CatalogOptions } from '../domain/repair-link.js';
import { DEFAULT_DEADLINE_MS } from '../loaders/connection-loader.js';
import { createPlatformClient, type PlatformClientOptions } from '../platform/client.js';
import { createUndiciTransport } from '../platform/undici-transport.js';
import { createAuthenticator } from './auth/authenticate.js';
import { type PolicyFile, PolicyFileError, readPolicyFile } from './auth/policy-file.js';
import { createRateLimiter } from './auth/rate-limit.js';
import { isExpired } from './auth/service-key.js';
import type { Composition, ServeConfiguration, TrustedDocumentsMode } from './config/configuration.js';
import { deriveOwnerHashKey } from './config/owner-hash-key.js';
import { requireGraphiql } from './graphiql/graphiql.js';
import { type CompiledDocuments, compileDocuments, readManifest } from './graphql/trusted-documents.js';
import { loadCreateSchema } from './graphql/composition.js';
import { createEngine } from './graphql/engine.js';
import { createHandler, createPlatformState, type HandlerOptions } from './http/handler.js';
import { type HttpServer, listen } from './http/listen.js';
import { openMetricsPort } from './http/metrics-port.js';
import { createLoad } from './http/load.js';
import { type AuditLog, requireAuditLog } from './telemetry/audit-log.js';
import { createConnectorLabel, createMetrics, type Metrics } from './telemetry/metrics.js';
import { createLogObserver } from './telemetry/log.js';
import { combineObservers, observeAudit } from './telemetry/observer.js';
import type { RunningServer } from './running-server.js';
import type { Tracing } from './telemetry/tracing.js';

const DEFAULT_MAX_OPERATIONS = 1_000;
/** Time that a shutdown allows for an operation in addition to its lookups, in milliseconds. */
const DRAIN_MARGIN_MS = 2_000;

/** Configures {@link startGateway}. */
export interface StartGatewayOptions extends Pick<HandlerOptions, 'graphiql' | 'corsOrigins'> {
  readonly host: string;
  readonly port: number;
  /** Whether to refuse requests whose `Host` header does not name a loopback host. */
  readonly isLoopbackOnly: boolean;
  readonly introspection: boolean;
  readonly platform: PlatformClientOptions;
  readonly catalog: CatalogOptions;
  readonly composition: Composition;
  readonly connectors?: readonly string[] | undefined;
  readonly maxConnections?: number | undefined;
  /** Time limit for all lookups of one operation, in milliseconds. @default 8000 */
  readonly deadlineMs?: number | undefined;
  /** Maximum concurrent operations. @default 1000 */
  readonly maxOperations?: number | undefined;
  /** Event-loop lag above which operations are refused, in milliseconds. @default 150 */
  readonly maxDelayMs?: number | undefined;
  /** Whether the variables `HTTPS_PROXY` and `NO_PROXY` configure a proxy to the platform. @default false */
  readonly usesProxyVariables?: boolean | undefined;
  readonly policy: PolicyFile;
  readonly audit: {
    readonly sink: AuditSink;
    readonly mode: AuditMode;
    /** Key of the owner hashes. @default a key derived from the platform's secret key */
    readonly ownerHashKey?: string | undefined;
    /** Returns whether the sink can write. @default always */
    readonly isWritable?: (() => boolean) | undefined;
  };
  readonly trustedDocuments?: { readonly path: string; readonly mode: TrustedDocumentsMode } | undefined;
  readonly operationsPerMinute: number;
  readonly redisUrl?: string | undefined;
  readonly metrics?: Metrics | undefined;
  readonly tracing?: Tracing | null | undefined;
  readonly logger: Logger;
}

/** A running gateway. */
export interface RunningGateway extends HttpServer {
  /** Applies another policy to later requests. */
  setPolicy(policy: PolicyFile): void;
}

/**
 * Starts the gateway: platform client, schema, engine, handler and port.
 *
 * @throws {ConfigurationError} if the composition needs packages that are not installed
 * @throws {ListenError} if the port cannot be opened
 * @throws {ManifestError} if a trusted document cannot be executed
 */
export async function startGateway(options: StartGatewayOptions): Promise<RunningGateway> {
  const { host, port, isLoopbackOnly, introspection, corsOrigins, graphiql, metrics, tracing } = options;
  const createSchema = await loadCreateSchema(options.composition);
  const labelOf = createConnectorLabel(options.connectors);
  const platformState = createPlatformState();
  const observer = combineObservers([
    ...(tracing ? [tracing.createObserver(labelOf)] : []),
    createLogObserver(options.logger, labelOf),
    ...(metrics ? [metrics.observer] : []),
    platformState.observer,
  ]);
  const platform = createPlatformClient({
    ...options.platform,
    transport: createUndiciTransport({
      maxSockets: options.platform.maxSockets,
      usesProxyVariables: options.usesProxyVariables,
    }),
    onEvent: observer.onPlatformEvent,
  });
  const ownerHashKey = options.audit.ownerHashKey ?? deriveOwnerHashKey(options.platform.secretKey);
  const schema = createSchema({
    ...options.composition,
    platform,
    catalog: options.catalog,
    connectors: options.connectors,
    maxConnections: options.maxConnections,
    deadlineMs: options.deadlineMs,
    audit: { ...options.audit, sink: observeAudit(options.audit.sink, observer), ownerHashKey },
    onFailure: observer.onFailure,
  });
  const manifest = options.trustedDocuments;
  const trustedDocuments = manifest && { mode: manifest.mode, documents: readManifest(manifest.path, schema) };
  const compiledDocuments = trustedDocuments && (await compileDocuments(schema, trustedDocuments.documents.values()));
  if (compiledDocuments) logDocuments(options.logger, trustedDocuments.documents.size, compiledDocuments);
  const rateLimiter = await createRateLimiter(options);
  const authenticator = createAuthenticator(options.policy, createOwnerHash(ownerHashKey));
  const load = createLoad(options.maxOperations ?? DEFAULT_MAX_OPERATIONS, options.maxDelayMs, observer.onHttpLimit);
  const handler = createHandler({
    engine: createEngine({ schema, introspection, compiledDocuments, observer }),
    authenticate: authenticator.authenticate,
    rateLimit: rateLimiter.count,
    trustedDocuments,
    graphiql,
    corsOrigins,
    platformState,
    canRecord: options.audit.mode === 'required' ? options.audit.isWritable : undefined,
    load,
    observer,
  });
  const closeBehind = () => Promise.all([platform.close(), rateLimiter.close()]);
  const drainMs = (options.deadlineMs ?? DEFAULT_DEADLINE_MS) + DRAIN_MARGIN_MS;
  const address = { host, port, portVariable: 'PORT', isLoopbackOnly, drainMs, load };
  const server = await listen(handler, address).catch(async (error: unknown) => {
    await closeBehind();
    throw error;
  });
  metrics?.watch({ inFlight: load.inFlight.load, takeMaxDelayMs: load.takeMaxDelayMs });
  return {
    ...server,
    setPolicy: authenticator.setPolicy,
    close: async () => {
      await server.close();
      await closeBehind();
      await tracing?.close();
    },
  };
}

/**
 * Starts the server that a configuration describes: the gateway with its policy file, its audit log, and its metrics
 * port.
 *
 * @throws {ConfigurationError} if the audit log cannot be opened, or a package is missing
 * @throws {PolicyFileError} with every problem of the policy file
 * @throws {ListenError} if a port cannot be opened
 * @throws {ManifestError} if a trusted document cannot be executed
 */
export async function start(
  configuration: ServeConfiguration,
  logger: Logger,
  tracing: Tracing | null,
): Promise<RunningServer> {
  const { policyPath, audit, metricsPort } = configuration;
  const policy = readPolicyFile(policyPath);
  const graphiql = configuration.graphiql ? await requireGraphiql(configuration.composition) : null;
  const auditLog = await requireAuditLog(audit.path, (error) => reportAudit(audit.mode, error));
  const metrics = metricsPort === null ? undefined : createMetrics(createConnectorLabel(configuration.connectors));
  const started: { close(): Promise<void> }[] = [auditLog];
  // Closes the gateway first and the metrics port last, so that the metrics include the end of the gateway.
  const close = async () => {
    for (const part of started.splice(0)) await part.close();
  };
  try {
    const gateway = await startGateway({
      ...configuration,
      isLoopbackOnly: false,
      policy,
      audit: { ...audit, sink: auditLog.write, isWritable: auditLog.isWritable },
      graphiql,
      metrics,
      tracing,
      logger,
    });
    started.unshift(gateway);
    const metricsServer =
      metrics && metricsPort !== null ? await openMetricsPort(configuration, metricsPort, metrics.toText) : null;
    if (metricsServer) started.push(metricsServer);
    logPolicy(logger, policy);
    logger.info({ event: 'listening', url: `${gateway.url}/graphql` }, 'listening');
    return {
      url: gateway.url,
      metricsUrl: metricsServer && `${metricsServer.url}/metrics`,
      reload: () => reload(gateway, auditLog, policyPath, logger),
      announceClose: gateway.announceClose,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Reloads the policy and reopens the audit log. On failure, logs the problem and keeps the previous policy or file. */
async function reload(gateway: RunningGateway, auditLog: AuditLog, policyPath: string, logger: Logger): Promise<void> {
  try {
    const policy = readPolicyFile(policyPath);
    gateway.setPolicy(policy);
    logPolicy(logger, policy);
  } catch (error) {
    const problem = error instanceof PolicyFileError ? error.message : 'unexpected';
    logger.error({ event: 'policy-refused', problem }, 'policy reload failed; keeping the previous policy');
  }
  try {
    await auditLog.reopen();
  } catch (error) {
    const { code: reason = null } = error as NodeJS.ErrnoException;
    logger.error({ event: 'audit-failure', reason }, `audit log not reopened (${reason}); keeping the previous file`);
  }
}

/**
 * Reports on standard error, because the audit log and the log may both be on standard output, whose reader is gone. If
 * standard error is gone too, nothing can report it. `process.stderr` would then end the process.
 */
function reportAudit(mode: AuditMode, error: unknown): void {
  const { code = 'unknown error' } = (error ?? {}) as NodeJS.ErrnoException;
  const consequence = mode === 'required' ? 'tokens are withheld' : 'audit events are lost';
  const problem = error === null ? 'writing works again' : `cannot be written (${code}); ${consequence}`;
  try {
    writeSync(process.stderr.fd, `audit log: ${problem}\n`);
  } catch {
    // `/ready` still shows the problem.
  }
}

function logPolicy(logger: Logger, { callers, issuers }: PolicyFile): void {
  const keys = callers.flatMap(({ id, keys: own }) => own.map((key) => ({ id, ...key })));
  const expired = keys.filter(({ expires }) => isExpired(expires));
  logger.info(
    {
      event: 'policy',
      callers: callers.length,
      keys: keys.length,
      expiredKeys: expired.length,
      issuers: issuers.length,
    },
    `policy: ${callers.length} callers with ${keys.length} keys (${expired.length} expired), ${issuers.length} issuers`,
  );
}

function logDocuments(logger: Logger, trusted: number, { size: compiled, isForbidden }: CompiledDocuments): void {
  const facts = { event: 'trusted-documents', trusted, compiled };
  if (!isForbidden) logger.info(facts, `trusted documents: ${trusted}, ${compiled} of them compiled`);
  else {
    const message =
      'trusted documents: none compiled, because this process may not generate code from strings; all are interpreted';
    logger.warn(facts, message);
  }
}
