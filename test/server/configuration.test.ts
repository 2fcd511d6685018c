import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

import { readDevConfiguration, readServeConfiguration } from '../../src/server/configuration.js';
import { ConfigurationError, type Environment } from '../../src/server/environment.js';

const minimal = { XKIT_PUBLISHABLE_KEY: 'pk', XKIT_SECRET_KEY: 'sk', XKIT_SLUG: 'acme' };
const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-'));
afterAll(() => rmSync(folder, { recursive: true }));

function problemsOf(environment: Environment): readonly string[] {
  try {
    readServeConfiguration(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

it('fills in the defaults', () => {
  expect(readServeConfiguration(minimal)).toEqual({
    host: '127.0.0.1',
    port: 4000,
    logLevel: 'info',
    platform: {
      publishableKey: 'pk',
      secretKey: 'sk',
      apiUrl: 'https://app.xkit.co/api/platform',
      generation: 'connections',
      paths: {},
    },
    catalog: { slug: 'acme' },
    connectors: undefined,
  });
  expect(readDevConfiguration({})).toEqual({
    host: '127.0.0.1',
    port: 4000,
    logLevel: 'info',
    sandboxPort: 4001,
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
    PORT: '0',
    HOST: '[::1]',
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
    },
    catalog: { url: 'https://apps.example.com' },
    connectors: ['slack', 'github'],
  });
});

it('lists every problem at once, by name and without any value', () => {
  const problems = problemsOf({
    XKIT_PUBLISHABLE_KEY: 'pk:canary',
    XKIT_SECRET_KEY: 'canary\u0000',
    XKIT_API_URL: 'https://user:canary@example.com',
    XKIT_API_GENERATION: 'canary',
    XKIT_USER_PATH: 'canary',
    XKIT_GROUP_PATH: '/canary/{group_id}',
    XKIT_CONNECTORS: 'canary,,',
    PORT: 'canary',
    HOST: 'canary.example.com',
    LOG_LEVEL: 'canary',
  });
  expect(problems.join('\n')).not.toContain('canary');
  expect(problems).toEqual([
    'XKIT_PUBLISHABLE_KEY must not contain a colon',
    'XKIT_SECRET_KEY must not contain control characters',
    'XKIT_API_URL must not contain a user name or password',
    'XKIT_API_GENERATION must be connections, users or contexts',
    'XKIT_USER_PATH must start with "/"',
    'XKIT_GROUP_PATH must have {connector_slug} as exactly one of its segments',
    'XKIT_CONNECTORS must be slugs with a comma between them',
    'PORT must be a port number from 0 to 65535',
    'HOST must be a loopback address such as 127.0.0.1: callers are not authenticated yet',
    'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent',
    'XKIT_SLUG or XKIT_CATALOG_URL must be set: without it there is no repair link to give',
  ]);
});

it.each<[Environment, string]>([
  [{ XKIT_SECRET_KEY: '' }, 'XKIT_SECRET_KEY must be set'],
  [{ XKIT_CATALOG_URL: 'https://example.com' }, 'XKIT_SLUG and XKIT_CATALOG_URL must not both be set'],
  [{ XKIT_SLUG: 'acme.xkit.co' }, 'XKIT_SLUG must be the slug alone, such as acme for acme.xkit.co'],
  [{ XKIT_API_URL: 'http://example.com' }, 'XKIT_API_URL must use https, since its host is not a loopback address'],
  [
    { XKIT_CONECTORS: 'slack' },
    'XKIT_CONECTORS is not a variable of this program: see --help for its name, or unset it',
  ],
  [{ XKIT_SECRET_KEY: ' ' }, 'XKIT_SECRET_KEY must not begin or end with white space'],
  [{ XKIT_API_URL: 'http://x.localhost' }, 'XKIT_API_URL must use https, since its host is not a loopback address'],
  [{ HOST: '127.999.1.1' }, 'HOST must be a loopback address such as 127.0.0.1: callers are not authenticated yet'],
  [{ PORT: '65536' }, 'PORT must be a port number from 0 to 65535'],
  [{ PORT: '-1' }, 'PORT must be a port number from 0 to 65535'],
  [{ HOST: '0.0.0.0' }, 'HOST must be a loopback address such as 127.0.0.1: callers are not authenticated yet'],
])('refuses %o', (environment, problem) => {
  expect(problemsOf({ ...minimal, ...environment })).toEqual([problem]);
});

it('reads a secret from a file, less the line break at its end', () => {
  const file = join(folder, 'secret');
  writeFileSync(file, 'sk from file\n');
  const { XKIT_SECRET_KEY: _, ...rest } = minimal;
  expect(readServeConfiguration({ ...rest, XKIT_SECRET_KEY_FILE: file }).platform.secretKey).toBe('sk from file');
});

it('says why a secret file does not serve', () => {
  const { XKIT_SECRET_KEY: _, ...rest } = minimal;
  const empty = join(folder, 'empty');
  const binary = join(folder, 'binary');
  writeFileSync(empty, '\n');
  writeFileSync(binary, Buffer.from([0xff, 0xfe]));
  expect(problemsOf({ ...rest, XKIT_SECRET_KEY_FILE: join(folder, 'none') })).toEqual([
    'XKIT_SECRET_KEY_FILE cannot be read: there is no such file',
  ]);
  expect(problemsOf({ ...rest, XKIT_SECRET_KEY_FILE: folder })).toEqual([
    'XKIT_SECRET_KEY_FILE cannot be read: it is a folder',
  ]);
  expect(problemsOf({ ...rest, XKIT_SECRET_KEY_FILE: binary })).toEqual([
    'XKIT_SECRET_KEY_FILE cannot be read: it is not UTF-8 text',
  ]);
  expect(problemsOf({ ...rest, XKIT_SECRET_KEY_FILE: empty })).toEqual(['XKIT_SECRET_KEY must not be empty']);
  expect(problemsOf({ ...minimal, XKIT_SECRET_KEY_FILE: empty })).toEqual([
    'XKIT_SECRET_KEY and XKIT_SECRET_KEY_FILE must not both be set',
  ]);
});

it('lets dev alone with the secrets of serve', () => {
  expect(readDevConfiguration({ XKIT_SECRET_KEY_FILE: join(folder, 'none'), XKIT_SECRET_KEY: ' ' }).port).toBe(4000);
});

it.each([
  'XKIT_GRAPHQL_SERVICE_HOST',
  'XKIT_GRAPHQL_SERVICE_PORT_HTTP',
  'XKIT_GRAPHQL_PORT',
  'XKIT_GRAPHQL_PORT_4000_TCP_ADDR',
  'XKIT_TEST_USER_ID',
])('passes over %s, which somebody else sets', (name) => {
  expect(problemsOf({ ...minimal, [name]: 'x' })).toEqual([]);
});
