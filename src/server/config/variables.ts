import * as z from 'zod';
import { findBaseUrlProblem, isLoopbackHost } from '../../domain/base-url.js';
import { hasControlCharacter } from '../../domain/text.js';
import { isCatalogSlug } from '../../domain/repair-link.js';
import { DEFAULT_API_URL } from '../../platform/client.js';
import { findPublishableKeyProblem, findSecretKeyProblem } from '../../platform/credentials.js';
import { API_GENERATIONS, type ApiGeneration, findPathTemplateProblem } from '../../platform/paths.js';
import { isFieldPrefix, isName } from '../../schema/owner.js';
import { FILE_VARIABLES } from './environment.js';
import { MAKE_A_POLICY_FILE } from './file-problem.js';
import { address, count, isOrigin, onOff, ownAddress, port, text, toList } from './variable-kinds.js';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
/** Minimum severity of a log line. */
export type LogLevel = (typeof LOG_LEVELS)[number];

const generation = z
  .enum(Object.keys(API_GENERATIONS) as ApiGeneration[], 'must be connections, users or contexts')
  .default('connections')
  .describe('Generation of the Platform API: connections, users or contexts. Default: connections');

const LOOPBACK_ONLY = 'must be a loopback address such as 127.0.0.1: the demo keys are public';

const HOST_DESCRIPTION =
  'Listen address: for dev and sandbox, a loopback address. Put TLS in front of any other address. Default: 127.0.0.1';

const PORT = port.default(4000).describe('Port of the gateway, or 0 for any free port. Default: 4000');

const LOG_LEVEL = z
  .enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`)
  .default('info')
  .describe(`Minimum level of a log line: ${LOG_LEVELS.join(', ')}. Default: info`);

const graphqlName = () =>
  text((name) => (isName(name) ? null : 'must be a GraphQL name: letters, digits and underscores'));

const composition = {
  XKIT_FEDERATION: onOff('off').describe('Whether the gateway is a Federation 2 subgraph: on or off. Default: off'),
  XKIT_SCOPE_DIRECTIVES: onOff('on').describe(
    'Whether the SDL of a subgraph has scope directives for its router: on or off. Apollo Gateway needs off. Default: on',
  ),
  XKIT_USER_TYPE: graphqlName()
    .optional()
    .describe(
      "Name of the host gateway's type for users. It gets the fields connection and connections. Default: none",
    ),
  XKIT_GROUP_TYPE: graphqlName()
    .optional()
    .describe(
      "Name of the host gateway's type for groups. It gets the fields connection and connections. Default: none",
    ),
  XKIT_KEY_FIELD: graphqlName()
    .default('id')
    .describe("Field that holds the owner's id in the types of XKIT_USER_TYPE and XKIT_GROUP_TYPE. Default: id"),
  XKIT_TYPE_PREFIX: graphqlName()
    .optional()
    .describe('Prefix of all other type names, against collisions. Default: nothing'),
  XKIT_FIELD_PREFIX: text((prefix) =>
    isFieldPrefix(prefix) ? null : 'must be letters and digits, and begin with a letter',
  )
    .optional()
    .describe(
      'Prefix of the fields of Query and of the fields that the types for users and groups get, against collisions. Default: nothing',
    ),
};

/** The environment variables of `sdl`. */
export const compositionVariables = z.object(composition);

const platform = {
  XKIT_PUBLISHABLE_KEY: text(findPublishableKeyProblem).describe(
    'Publishable key of the Platform API. Required; or name a file that holds it: XKIT_PUBLISHABLE_KEY_FILE',
  ),
  XKIT_SECRET_KEY: text(findSecretKeyProblem).describe(
    'Secret key of the Platform API. Required; or name a file that holds it: XKIT_SECRET_KEY_FILE',
  ),
  XKIT_SLUG: text((slug) => (isCatalogSlug(slug) ? null : 'must be only the slug, such as acme for acme.xkit.co'))
    .optional()
    .describe('Slug of the catalog at xkit.co. Either XKIT_SLUG or XKIT_CATALOG_URL is required'),
  XKIT_CATALOG_URL: text(findBaseUrlProblem)
    .optional()
    .describe('Root URL of a catalog on its own domain: https, or http on a loopback host'),
  XKIT_API_URL: text(findBaseUrlProblem)
    .default(DEFAULT_API_URL)
    .describe(`Root URL of the Platform API: https, or http on a loopback host. Default: ${DEFAULT_API_URL}`),
  XKIT_API_GENERATION: generation,
  XKIT_USER_PATH: text((path) => findPathTemplateProblem(path, 'user_id'))
    .optional()
    .describe("Path of a user's connection, with {user_id} and {connector_slug}. Default: by generation"),
  XKIT_GROUP_PATH: text((path) => findPathTemplateProblem(path, 'group_id'))
    .optional()
    .describe("Path of a group's connection, with {group_id} and {connector_slug}. Default: by generation"),
  XKIT_CONNECTORS: text((list) =>
    toList(list).every((slug) => slug !== '' && slug === slug.trim() && !hasControlCharacter(slug))
      ? null
      : 'must be slugs separated by commas',
  )
    .transform(toList)
    .optional()
    .describe('Slugs of the allowed connectors, separated by commas. Default: every connector'),
};

const audit = {
  XKIT_AUDIT_LOG: z
    .string()
    .optional()
    .describe('Append-only file for audit events, reopened on SIGHUP. Default: standard output'),
  XKIT_AUDIT: z
    .enum(['required', 'best-effort'], 'must be required or best-effort')
    .default('required')
    .describe(
      'Handling of a token whose audit event cannot be written. required: it is withheld. best-effort: it is returned, and the loss is logged. Default: required',
    ),
  XKIT_AUDIT_KEY: text((value) => (value.length >= 16 ? null : 'must have at least 16 characters'))
    .optional()
    .describe(
      'Key of the owner hashes in audit events, with at least 16 characters; or name a file that holds it: XKIT_AUDIT_KEY_FILE. Default: derived from XKIT_SECRET_KEY',
    ),
};

/** Timeouts and retries of a lookup. */
const patience = {
  XKIT_TIMEOUT_MS: count(60_000)
    .default(8_000)
    .describe('Time limit for all lookups of one operation, in milliseconds, 1 to 60000. Default: 8000'),
  XKIT_ATTEMPT_TIMEOUT_MS: count(60_000)
    .default(5_000)
    .describe('Time limit for one request to the platform, in milliseconds, 1 to 60000. Default: 5000'),
  XKIT_MAX_RETRIES: count(10, 0)
    .default(2)
    .describe('Maximum retries of one request to the platform, 0 to 10. Default: 2'),
};

interface CatalogVariables {
  readonly XKIT_SLUG?: string | undefined;
  readonly XKIT_CATALOG_URL?: string | undefined;
}

// Checked even if other variables are invalid, so that all problems are reported together.
const aboutSlug = { path: ['XKIT_SLUG'], when: () => true };
const hasCatalog = [
  (values: CatalogVariables) => values.XKIT_SLUG !== undefined || values.XKIT_CATALOG_URL !== undefined,
  { ...aboutSlug, error: 'or XKIT_CATALOG_URL must be set: repair links lead to the catalog' },
] as const;
const hasOneCatalog = [
  (values: CatalogVariables) => values.XKIT_SLUG === undefined || values.XKIT_CATALOG_URL === undefined,
  { ...aboutSlug, error: 'and XKIT_CATALOG_URL must not both be set' },
] as const;

/** The environment variables of `query`. */
export const queryVariables = z
  .object({ ...platform, ...audit, ...patience })
  .refine(...hasCatalog)
  .refine(...hasOneCatalog);

/** The environment variables of `query --url`. */
export const gatewayVariables = z.object({
  XKIT_SERVICE_KEY: text((key) =>
    /^[\w.~+/-]+=*$/.test(key) ? null : 'must be a service key or a JSON Web Token',
  ).describe(
    'Service key, or JSON Web Token, for query --url. Required; or name a file that holds it: XKIT_SERVICE_KEY_FILE',
  ),
  XKIT_TYPE_PREFIX: composition.XKIT_TYPE_PREFIX,
  XKIT_FIELD_PREFIX: composition.XKIT_FIELD_PREFIX,
});

/** The environment variables of `serve`. `--help` and the reference show their descriptions. */
export const serveVariables = z
  .object({
    ...platform,
    XKIT_POLICY_FILE: z
      .string(`must be set: without a policy file, every caller is refused. ${MAKE_A_POLICY_FILE}`)
      .describe(
        'YAML or JSON file with the callers and their permissions: docs/policy.md. Required; reloaded on SIGHUP',
      ),
    ...audit,
    XKIT_MAX_CONNECTIONS: count(1_000)
      .default(100)
      .describe('Maximum distinct connections of one operation, 1 to 1000. Default: 100'),
    ...patience,
    XKIT_SINGLE_FLIGHT: onOff('on').describe(
      'Whether concurrent lookups of the same connection share one request: on or off. Default: on',
    ),
    XKIT_MAX_SOCKETS: count(10_000)
      .default(256)
      .describe('Maximum concurrent requests to the platform, each on its own socket, 1 to 10000. Default: 256'),
    XKIT_MAX_QUEUE: count(1_000_000)
      .default(1_024)
      .describe(
        'Maximum requests that wait for a socket, 1 to 1000000. Further ones fail with OVERLOADED. Default: 1024',
      ),
    XKIT_MAX_OPERATIONS: count(100_000)
      .default(1_000)
      .describe('Maximum concurrent operations, 1 to 100000. Further ones fail with OVERLOADED. Default: 1000'),
    XKIT_DRAIN_DELAY_MS: count(60_000, 0)
      .default(5_000)
      .describe(
        'Time after SIGTERM in which /ready returns 503 and everything else is served, in milliseconds, 0 to 60000. Default: 5000',
      ),
    XKIT_RATE_LIMIT: count(1_000_000)
      .default(6_000)
      .describe(
        'Maximum operations of one caller per minute, 1 to 1000000. The policy file can override it. Default: 6000',
      ),
    XKIT_REDIS_URL: text((url) => (/^rediss?:\/\/\S+$/.test(url) ? null : 'must be a redis:// or rediss:// URL'))
      .optional()
      .describe(
        'URL of the Redis in which replicas count operations together; or name a file that holds it: XKIT_REDIS_URL_FILE. Default: each replica counts separately',
      ),
    XKIT_TRUSTED_DOCUMENTS: z
      .string()
      .optional()
      .describe('JSON manifest of the trusted documents, by id. Default: every document may be executed'),
    XKIT_TRUSTED_DOCUMENTS_MODE: z
      .enum(['required', 'preferred', 'off'], 'must be required, preferred or off')
      .optional()
      .describe(
        'required: only trusted documents are executed. preferred: other documents too. off: the manifest is ignored. Default: required',
      ),
    ...composition,
    XKIT_CORS_ORIGINS: text((value) =>
      toList(value).every(isOrigin) ? null : 'must be origins separated by commas, such as https://app.example.com',
    )
      .transform(toList)
      .optional()
      .describe('Origins whose pages may read responses, separated by commas. Default: none'),
    XKIT_INTROSPECTION: onOff('off').describe('Whether known callers may query the schema: on or off. Default: off'),
    XKIT_GRAPHIQL: onOff('off').describe(
      'Whether known callers may open GraphiQL at /graphql: on or off. Needs XKIT_INTROSPECTION. Default: off',
    ),
    PORT,
    HOST: ownAddress.default('127.0.0.1').describe(HOST_DESCRIPTION),
    XKIT_METRICS_PORT: port
      .optional()
      .describe('Port of the Prometheus metrics, at /metrics on HOST, or 0 for any free port. Default: no metrics'),
    LOG_LEVEL,
  })
  .refine((values) => !values.XKIT_GRAPHIQL || values.XKIT_INTROSPECTION, {
    path: ['XKIT_GRAPHIQL'],
    when: () => true,
    error: 'needs XKIT_INTROSPECTION=on: GraphiQL queries the schema',
  })
  .refine(
    ({ XKIT_TRUSTED_DOCUMENTS: manifest, XKIT_TRUSTED_DOCUMENTS_MODE: mode }) =>
      manifest !== undefined || mode === undefined || mode === 'off',
    {
      path: ['XKIT_TRUSTED_DOCUMENTS_MODE'],
      when: () => true,
      error: 'needs XKIT_TRUSTED_DOCUMENTS: without a manifest, every document is executed',
    },
  )
  .refine(...hasCatalog)
  .refine(...hasOneCatalog);

/** The environment variables of `dev` and `sandbox`. */
export const devVariables = z.object({
  SANDBOX_PORT: port.default(4001).describe('Port of the sandbox, or 0 for any free port. Default: 4001'),
  XKIT_API_GENERATION: generation,
  ...composition,
  PORT,
  HOST: address((host) => (isLoopbackHost(host) ? null : LOOPBACK_ONLY))
    .default('127.0.0.1')
    .describe(HOST_DESCRIPTION),
  LOG_LEVEL,
});

/** Names of the variables of all commands. */
export const knownVariables: ReadonlySet<string> = new Set([
  ...Object.keys(serveVariables.shape),
  ...Object.keys(devVariables.shape),
  ...Object.keys(gatewayVariables.shape),
  ...FILE_VARIABLES.map((name) => `${name}_FILE`),
]);

/** Lists variables with their descriptions. */
export function describeVariables({ shape }: { readonly shape: Record<string, z.ZodType> }): [string, string][] {
  return Object.entries(shape).map(([name, variable]) => [name, variable.description ?? '']);
}
