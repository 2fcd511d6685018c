import type * as z from 'zod';
import type { AuditMode } from '../../access/audit.js';
import type { CatalogOptions } from '../../domain/repair-link.js';
import type { PlatformClientOptions } from '../../platform/client.js';
import type { ApiGeneration } from '../../platform/paths.js';
import { createConnectionsSchema } from '../../schema/index.js';
import { createShape } from '../../schema/shape.js';
import type { SubgraphOptions } from '../../federation/index.js';
import type { CompositionOptions, Prefixes } from '../../schema/owner.js';
import { ConfigurationError, type Environment, parseEnvironment } from './environment.js';
import { findProxy, findProxyProblems } from './proxy-variables.js';
import { asksForTraces, findEndpointProblems } from './trace-variables.js';
import {
  compositionVariables,
  devVariables,
  gatewayVariables,
  knownVariables,
  type LogLevel,
  queryVariables,
  serveVariables,
} from './variables.js';

/** `required` executes only trusted documents. `preferred` also executes others. */
export type TrustedDocumentsMode = 'required' | 'preferred';

/** Options that fit the schema into other gateways. */
export interface Composition extends CompositionOptions, SubgraphOptions {
  /** Whether the schema is a subgraph of Federation 2. */
  readonly federation: boolean;
}

interface ListenConfiguration {
  readonly host: string;
  readonly port: number;
  readonly logLevel: LogLevel;
  /** Whether the standard variables of OpenTelemetry enable traces. */
  readonly traces: boolean;
}

/** The configuration of `query`, and of every lookup. Holds secrets: never log it. */
export interface LookupConfiguration {
  readonly platform: PlatformClientOptions;
  /** Whether the standard variables name a proxy. `NO_PROXY` may exempt the platform. */
  readonly usesProxyVariables: boolean;
  readonly catalog: CatalogOptions;
  readonly connectors: readonly string[] | undefined;
  readonly deadlineMs: number;
  readonly audit: {
    /** Null for standard output. */
    readonly path: string | null;
    readonly mode: AuditMode;
    readonly ownerHashKey: string | undefined;
  };
}

/** The configuration of `query --url`. Holds a secret: never log it. */
export interface GatewayConfiguration {
  /** A service key or a JSON Web Token. */
  readonly credentials: string;
  /** The prefixes of the gateway's schema. */
  readonly prefixes: Prefixes;
}

/** The configuration of `serve`. Holds secrets: never log it. */
export interface ServeConfiguration extends ListenConfiguration, LookupConfiguration {
  readonly composition: Composition;
  readonly maxConnections: number;
  readonly maxOperations: number;
  /** Time between SIGTERM and the end of the server, in milliseconds. `startServer` ignores it. */
  readonly drainDelayMs: number;
  readonly policyPath: string;
  /** Null for no metrics. */
  readonly metricsPort: number | null;
  readonly operationsPerMinute: number;
  readonly redisUrl: string | undefined;
  readonly trustedDocuments: { readonly path: string; readonly mode: TrustedDocumentsMode } | undefined;
  readonly corsOrigins: readonly string[] | undefined;
  readonly introspection: boolean;
  readonly graphiql: boolean;
}

/** The configuration of `dev` and `sandbox`. */
export interface DevConfiguration extends ListenConfiguration {
  readonly composition: Composition;
  readonly sandboxPort: number;
  readonly generation: ApiGeneration;
}

/** Returns the environment variables, unparsed. */
export function readEnvironment(): Environment {
  return process.env;
}

/**
 * Reads the configuration of `serve`.
 *
 * @throws {ConfigurationError} with every problem
 */
export function readServeConfiguration(environment: Environment = process.env): ServeConfiguration {
  const others = [...findEndpointProblems(environment), ...findProxyProblems(environment)];
  const values = parseEnvironment(serveVariables, environment, knownVariables, others);
  return {
    ...toListenConfiguration(values, environment),
    composition: toComposition(values),
    ...toLookupConfiguration(values, environment),
    platform: {
      ...toPlatform(values),
      singleFlight: values.XKIT_SINGLE_FLIGHT,
      maxSockets: values.XKIT_MAX_SOCKETS,
      maxQueue: values.XKIT_MAX_QUEUE,
    },
    maxConnections: values.XKIT_MAX_CONNECTIONS,
    maxOperations: values.XKIT_MAX_OPERATIONS,
    drainDelayMs: values.XKIT_DRAIN_DELAY_MS,
    policyPath: values.XKIT_POLICY_FILE,
    metricsPort: values.XKIT_METRICS_PORT ?? null,
    operationsPerMinute: values.XKIT_RATE_LIMIT,
    redisUrl: values.XKIT_REDIS_URL,
    trustedDocuments:
      values.XKIT_TRUSTED_DOCUMENTS === undefined || values.XKIT_TRUSTED_DOCUMENTS_MODE === 'off'
        ? undefined
        : { path: values.XKIT_TRUSTED_DOCUMENTS, mode: values.XKIT_TRUSTED_DOCUMENTS_MODE ?? 'required' },
    corsOrigins: values.XKIT_CORS_ORIGINS,
    introspection: values.XKIT_INTROSPECTION,
    graphiql: values.XKIT_GRAPHIQL,
  };
}

/**
 * Reads the configuration of `query`.
 *
 * @throws {ConfigurationError} with every problem
 */
export function readLookupConfiguration(environment: Environment = process.env): LookupConfiguration {
  const values = parseEnvironment(queryVariables, environment, knownVariables, findProxyProblems(environment));
  return toLookupConfiguration(values, environment);
}

/**
 * Reads the configuration of `query --url`.
 *
 * @throws {ConfigurationError} with every problem
 */
export function readGatewayConfiguration(environment: Environment = process.env): GatewayConfiguration {
  const values = parseEnvironment(gatewayVariables, environment, knownVariables);
  return {
    credentials: values.XKIT_SERVICE_KEY,
    prefixes: { typePrefix: values.XKIT_TYPE_PREFIX, fieldPrefix: values.XKIT_FIELD_PREFIX },
  };
}

/**
 * Reads the configuration of `dev` and `sandbox`. Every variable is optional.
 *
 * @throws {ConfigurationError} with every problem
 */
export function readDevConfiguration(environment: Environment = process.env): DevConfiguration {
  const values = parseEnvironment(devVariables, environment, knownVariables, findEndpointProblems(environment));
  return {
    ...toListenConfiguration(values, environment),
    composition: toComposition(values),
    sandboxPort: values.SANDBOX_PORT,
    generation: values.XKIT_API_GENERATION,
  };
}

/**
 * Reads the configuration of `sdl`.
 *
 * @throws {ConfigurationError} with every problem
 */
export function readComposition(environment: Environment = process.env): Composition {
  return toComposition(parseEnvironment(compositionVariables, environment, knownVariables));
}

function toLookupConfiguration(values: z.output<typeof queryVariables>, environment: Environment): LookupConfiguration {
  return {
    platform: toPlatform(values),
    usesProxyVariables: findProxy(environment, 'https:') !== null,
    catalog: values.XKIT_SLUG === undefined ? { url: String(values.XKIT_CATALOG_URL) } : { slug: values.XKIT_SLUG },
    connectors: values.XKIT_CONNECTORS,
    deadlineMs: values.XKIT_TIMEOUT_MS,
    audit: {
      path: values.XKIT_AUDIT_LOG ?? null,
      mode: values.XKIT_AUDIT,
      ownerHashKey: values.XKIT_AUDIT_KEY,
    },
  };
}

function toPlatform(values: z.output<typeof queryVariables>): PlatformClientOptions {
  return {
    publishableKey: values.XKIT_PUBLISHABLE_KEY,
    secretKey: values.XKIT_SECRET_KEY,
    apiUrl: values.XKIT_API_URL,
    generation: values.XKIT_API_GENERATION,
    paths: { user: values.XKIT_USER_PATH, group: values.XKIT_GROUP_PATH },
    deadlineMs: values.XKIT_TIMEOUT_MS,
    attemptTimeoutMs: values.XKIT_ATTEMPT_TIMEOUT_MS,
    maxRetries: values.XKIT_MAX_RETRIES,
  };
}

function toComposition(values: z.output<typeof compositionVariables>): Composition {
  const composition: Composition = {
    federation: values.XKIT_FEDERATION,
    scopeDirectives: values.XKIT_SCOPE_DIRECTIVES,
    ownerTypes: { user: values.XKIT_USER_TYPE, group: values.XKIT_GROUP_TYPE },
    keyField: values.XKIT_KEY_FIELD,
    typePrefix: values.XKIT_TYPE_PREFIX,
    fieldPrefix: values.XKIT_FIELD_PREFIX,
  };
  try {
    // The schema validates the names, because it knows its own.
    createShape(createConnectionsSchema, composition);
    return composition;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const variables = ['XKIT_USER_TYPE', 'XKIT_GROUP_TYPE', 'XKIT_KEY_FIELD'];
    throw new ConfigurationError([`${variables.join(', ')}: ${error.message}`], variables);
  }
}

function toListenConfiguration(
  values: z.output<typeof devVariables> | z.output<typeof serveVariables>,
  environment: Environment,
) {
  return {
    host: values.HOST,
    port: values.PORT,
    logLevel: values.LOG_LEVEL,
    traces: asksForTraces(environment),
  } satisfies ListenConfiguration;
}
