import { expect, it } from 'vitest';

import { readDevConfiguration, readServeConfiguration } from '../../../src/server/config/configuration.js';
import type { Environment } from '../../../src/server/config/environment.js';
import { problemsOf } from '../../support/configuration-problems.js';

const ALONE = { federation: false, scopeDirectives: true, ownerTypes: {}, keyField: 'id' };
const KEYS = { XKIT_PUBLISHABLE_KEY: 'pk', XKIT_SECRET_KEY: 'sk' };
const minimal = { ...KEYS, XKIT_SLUG: 'acme', XKIT_POLICY_FILE: 'policy.yaml' };
const LOOPBACK = 'HOST must be a loopback address such as 127.0.0.1: the demo keys are public';
const NO_POLICY =
  'XKIT_POLICY_FILE must be set: without a policy file, every caller is refused. Create one with: xkit-graphql keys create > policy.yaml';

it('fills in the defaults', () => {
  expect(readServeConfiguration(minimal)).toEqual({
    host: '127.0.0.1',
    port: 4000,
    logLevel: 'info',
    traces: false,
    composition: ALONE,
    platform: {
      publishableKey: 'pk',
      secretKey: 'sk',
      apiUrl: 'https://app.xkit.co/api/platform',
      generation: 'connections',
      paths: {},
      deadlineMs: 8_000,
      attemptTimeoutMs: 5_000,
      maxRetries: 2,
      singleFlight: true,
      maxSockets: 256,
      maxQueue: 1_024,
    },
    catalog: { slug: 'acme' },
    connectors: undefined,
    maxConnections: 100,
    maxOperations: 1_000,
    drainDelayMs: 5_000,
    deadlineMs: 8_000,
    policyPath: 'policy.yaml',
    audit: { path: null, mode: 'required', ownerHashKey: undefined },
    metricsPort: null,
    usesProxyVariables: false,
    operationsPerMinute: 6_000,
    redisUrl: undefined,
    trustedDocuments: undefined,
    corsOrigins: undefined,
    introspection: false,
    graphiql: false,
  });
  expect(readDevConfiguration({})).toEqual({
    host: '127.0.0.1',
    port: 4000,
    logLevel: 'info',
    traces: false,
    sandboxPort: 4001,
    composition: ALONE,
    generation: 'connections',
  });
});

it('reads every variable', () => {
  const configuration = readServeConfiguration({
    ...minimal,
    XKIT_SLUG: '',
    XKIT_CATALOG_URL: 'https://apps.example.com',
    XKIT_API_URL: 'http://127.0.0.1:4001/api/platform',
    XKIT_API_GENERATION: 'contexts',
    XKIT_USER_PATH: '/u/{user_id}/{connector_slug}',
    XKIT_GROUP_PATH: '/g/{group_id}/{connector_slug}',
    XKIT_CONNECTORS: 'slack, github',
    XKIT_MAX_CONNECTIONS: '7',
    XKIT_TIMEOUT_MS: '3000',
    XKIT_ATTEMPT_TIMEOUT_MS: '1000',
    XKIT_MAX_RETRIES: '0',
    XKIT_SINGLE_FLIGHT: 'off',
    XKIT_MAX_SOCKETS: '8',
    XKIT_MAX_QUEUE: '9',
    XKIT_FEDERATION: 'on',
    XKIT_SCOPE_DIRECTIVES: 'off',
    XKIT_USER_TYPE: 'Member',
    XKIT_GROUP_TYPE: 'Team',
    XKIT_KEY_FIELD: 'key',
    XKIT_TYPE_PREFIX: 'Xkit',
    XKIT_FIELD_PREFIX: 'xkit',
    XKIT_MAX_OPERATIONS: '10',
    XKIT_DRAIN_DELAY_MS: '0',
    XKIT_AUDIT_LOG: 'audit.log',
    XKIT_AUDIT: 'best-effort',
    XKIT_AUDIT_KEY: 'sixteen characters',
    XKIT_RATE_LIMIT: '60',
    XKIT_REDIS_URL: 'rediss://:secret@redis.example.com:6380/1',
    XKIT_TRUSTED_DOCUMENTS: 'documents.json',
    XKIT_TRUSTED_DOCUMENTS_MODE: 'preferred',
    XKIT_CORS_ORIGINS: 'https://a.example.com, http://localhost:3000',
    XKIT_INTROSPECTION: 'on',
    XKIT_GRAPHIQL: 'on',
    PORT: '0',
    HOST: '[::1]',
    XKIT_METRICS_PORT: '9464',
    LOG_LEVEL: 'silent',
  });
  expect(configuration).toMatchObject({
    host: '::1',
    port: 0,
    logLevel: 'silent',
    platform: {
      apiUrl: 'http://127.0.0.1:4001/api/platform',
      generation: 'contexts',
      paths: { user: '/u/{user_id}/{connector_slug}', group: '/g/{group_id}/{connector_slug}' },
      deadlineMs: 3_000,
      attemptTimeoutMs: 1_000,
      maxRetries: 0,
      singleFlight: false,
      maxSockets: 8,
      maxQueue: 9,
    },
    composition: {
      federation: true,
      scopeDirectives: false,
      ownerTypes: { user: 'Member', group: 'Team' },
      keyField: 'key',
      typePrefix: 'Xkit',
      fieldPrefix: 'xkit',
    },
    deadlineMs: 3_000,
    maxOperations: 10,
    drainDelayMs: 0,
    catalog: { url: 'https://apps.example.com' },
    connectors: ['slack', 'github'],
    maxConnections: 7,
    audit: { path: 'audit.log', mode: 'best-effort', ownerHashKey: 'sixteen characters' },
    metricsPort: 9464,
    usesProxyVariables: false,
    operationsPerMinute: 60,
    redisUrl: 'rediss://:secret@redis.example.com:6380/1',
    trustedDocuments: { path: 'documents.json', mode: 'preferred' },
    corsOrigins: ['https://a.example.com', 'http://localhost:3000'],
    introspection: true,
    graphiql: true,
  });
});

it('lists all problems together, by variable and without any value', () => {
  const problems = problemsOf({
    XKIT_PUBLISHABLE_KEY: 'pk:canary',
    XKIT_SECRET_KEY: 'canary\u0000',
    XKIT_API_URL: 'https://user:canary@example.com',
    XKIT_API_GENERATION: 'canary',
    XKIT_USER_PATH: 'canary',
    XKIT_GROUP_PATH: '/canary/{group_id}',
    XKIT_CONNECTORS: 'slack,\u00a0canary',
    PORT: 'canary',
    XKIT_MAX_CONNECTIONS: 'canary',
    XKIT_TIMEOUT_MS: '0',
    XKIT_ATTEMPT_TIMEOUT_MS: '60001',
    XKIT_MAX_RETRIES: '-1',
    XKIT_SINGLE_FLIGHT: 'canary',
    XKIT_MAX_SOCKETS: '1e3',
    XKIT_MAX_QUEUE: '0x9',
    XKIT_FEDERATION: 'canary',
    XKIT_SCOPE_DIRECTIVES: 'canary',
    XKIT_USER_TYPE: 'a canary',
    XKIT_GROUP_TYPE: '__canary',
    XKIT_KEY_FIELD: 'canary!',
    XKIT_TYPE_PREFIX: '7canary',
    XKIT_FIELD_PREFIX: 'canary_',
    XKIT_MAX_OPERATIONS: ' 1',
    XKIT_DRAIN_DELAY_MS: '60001',
    XKIT_AUDIT: 'canary',
    XKIT_AUDIT_KEY: 'canary',
    XKIT_RATE_LIMIT: '0',
    XKIT_REDIS_URL: 'https://canary',
    XKIT_TRUSTED_DOCUMENTS_MODE: 'canary',
    XKIT_CORS_ORIGINS: 'https://canary.example.com/',
    XKIT_INTROSPECTION: 'canary',
    XKIT_GRAPHIQL: 'canary',
    HOST: 'canary example',
    XKIT_METRICS_PORT: 'canary',
    LOG_LEVEL: 'canary',
  });
  expect(problems.join('\n')).not.toContain('canary');
  expect(problems).toEqual([
    'XKIT_PUBLISHABLE_KEY must not contain a colon',
    'XKIT_SECRET_KEY must not contain control characters',
    'XKIT_API_URL must not contain a user name or password',
    'XKIT_API_GENERATION must be connections, users or contexts',
    'XKIT_USER_PATH must start with "/"',
    'XKIT_GROUP_PATH must have exactly one segment {connector_slug}',
    'XKIT_CONNECTORS must be slugs separated by commas',
    NO_POLICY,
    'XKIT_AUDIT must be required or best-effort',
    'XKIT_AUDIT_KEY must have at least 16 characters',
    'XKIT_MAX_CONNECTIONS must be a whole number from 1 to 1000',
    'XKIT_TIMEOUT_MS must be a whole number from 1 to 60000',
    'XKIT_ATTEMPT_TIMEOUT_MS must be a whole number from 1 to 60000',
    'XKIT_MAX_RETRIES must be a whole number from 0 to 10',
    'XKIT_SINGLE_FLIGHT must be on or off',
    'XKIT_MAX_SOCKETS must be a whole number from 1 to 10000',
    'XKIT_MAX_QUEUE must be a whole number from 1 to 1000000',
    'XKIT_MAX_OPERATIONS must be a whole number from 1 to 100000',
    'XKIT_DRAIN_DELAY_MS must be a whole number from 0 to 60000',
    'XKIT_RATE_LIMIT must be a whole number from 1 to 1000000',
    'XKIT_REDIS_URL must be a redis:// or rediss:// URL',
    'XKIT_TRUSTED_DOCUMENTS_MODE must be required, preferred or off',
    'XKIT_FEDERATION must be on or off',
    'XKIT_SCOPE_DIRECTIVES must be on or off',
    'XKIT_USER_TYPE must be a GraphQL name: letters, digits and underscores',
    'XKIT_GROUP_TYPE must be a GraphQL name: letters, digits and underscores',
    'XKIT_KEY_FIELD must be a GraphQL name: letters, digits and underscores',
    'XKIT_TYPE_PREFIX must be a GraphQL name: letters, digits and underscores',
    'XKIT_FIELD_PREFIX must be letters and digits, and begin with a letter',
    'XKIT_CORS_ORIGINS must be origins separated by commas, such as https://app.example.com',
    'XKIT_INTROSPECTION must be on or off',
    'XKIT_GRAPHIQL must be on or off',
    'PORT must be a port number from 0 to 65535',
    'HOST must be an address or a host name of this machine',
    'XKIT_METRICS_PORT must be a port number from 0 to 65535',
    'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent',
    'XKIT_SLUG or XKIT_CATALOG_URL must be set: repair links lead to the catalog',
  ]);
});

it.each<[Environment, string]>([
  [{ XKIT_SECRET_KEY: '' }, 'XKIT_SECRET_KEY must be set'],
  [{ XKIT_CATALOG_URL: 'https://example.com' }, 'XKIT_SLUG and XKIT_CATALOG_URL must not both be set'],
  [{ XKIT_SLUG: 'acme.xkit.co' }, 'XKIT_SLUG must be only the slug, such as acme for acme.xkit.co'],
  [{ XKIT_API_URL: 'http://example.com' }, 'XKIT_API_URL must use https, since its host is not a loopback address'],
  [
    { XKIT_CONECTORS: 'slack' },
    'XKIT_CONECTORS is not a variable of this program: see --help for the correct name, or unset it',
  ],
  [{ XKIT_SECRET_KEY: ' ' }, 'XKIT_SECRET_KEY must not begin or end with white space'],
  [{ XKIT_API_URL: 'http://x.localhost' }, 'XKIT_API_URL must use https, since its host is not a loopback address'],
  [{ PORT: '65536' }, 'PORT must be a port number from 0 to 65535'],
  [{ PORT: '-1' }, 'PORT must be a port number from 0 to 65535'],
  [{ XKIT_POLICY_FILE: '' }, NO_POLICY],
  [
    { XKIT_USER_TYPE: 'A', XKIT_GROUP_TYPE: 'A' },
    'XKIT_USER_TYPE, XKIT_GROUP_TYPE, XKIT_KEY_FIELD: ownerTypes must name two different types.',
  ],
  [
    { XKIT_TRUSTED_DOCUMENTS_MODE: 'required' },
    'XKIT_TRUSTED_DOCUMENTS_MODE needs XKIT_TRUSTED_DOCUMENTS: without a manifest, every document is executed',
  ],
  [{ XKIT_GRAPHIQL: 'on' }, 'XKIT_GRAPHIQL needs XKIT_INTROSPECTION=on: GraphiQL queries the schema'],
  [
    { XKIT_CORS_ORIGINS: '*' },
    'XKIT_CORS_ORIGINS must be origins separated by commas, such as https://app.example.com',
  ],
])('refuses %o', (environment, problem) => {
  expect(problemsOf({ ...minimal, ...environment })).toEqual([problem]);
});

it('ignores the secrets of serve for dev', () => {
  expect(readDevConfiguration({ XKIT_SECRET_KEY_FILE: '/nonesuch', XKIT_SECRET_KEY: ' ' }).port).toBe(4000);
});

it.each([
  'XKIT_GRAPHQL_SERVICE_HOST',
  'XKIT_GRAPHQL_SERVICE_PORT_HTTP',
  'XKIT_GRAPHQL_PORT',
  'XKIT_GRAPHQL_PORT_4000_TCP_ADDR',
  'XKIT_TEST_USER_ID',
])('ignores %s, which other programs set', (name) => {
  expect(problemsOf({ ...minimal, [name]: 'x' })).toEqual([]);
});

it('ignores the value of XKIT_METRICS_PORT that Kubernetes sets for a service', () => {
  const environment = { ...minimal, XKIT_METRICS_PORT: 'tcp://10.0.0.1:9464' };
  expect(readServeConfiguration(environment).metricsPort).toBeNull();
});

it('allows only loopback addresses for dev, and any address for serve', () => {
  expect(readServeConfiguration({ ...minimal, HOST: '0.0.0.0' }).host).toBe('0.0.0.0');
  for (const HOST of ['0.0.0.0', '127.999.1.1', 'example.com']) {
    expect(() => readDevConfiguration({ HOST })).toThrow(LOOPBACK);
  }
});

it.each(['canary,,', 'slack,\tcanary', 'slack,canary\ufeff', 'slack,can\u0007ary'])(
  'refuses a list of connectors with an item that cannot be a slug: %j',
  (list) => {
    expect(problemsOf({ ...minimal, XKIT_CONNECTORS: list })).toEqual([
      'XKIT_CONNECTORS must be slugs separated by commas',
    ]);
  },
);

it.each([
  'https://app.example.com/',
  'https://APP.example.com',
  'https://app.example.com:443',
  'https://app.example.com,\u00a0https://b.example.com',
  'https://\u0430pp.example.com',
  'null',
  '*',
])('refuses an origin that no browser sends: %j', (origin) => {
  expect(problemsOf({ ...minimal, XKIT_CORS_ORIGINS: origin })).toEqual([
    'XKIT_CORS_ORIGINS must be origins separated by commas, such as https://app.example.com',
  ]);
});
