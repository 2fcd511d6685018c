import { expect, it } from 'vitest';

import { readDevConfiguration, readServeConfiguration } from '../../../src/server/config/configuration.js';
import { problemsOf } from '../../support/configuration-problems.js';

const KEYS = { XKIT_PUBLISHABLE_KEY: 'pk', XKIT_SECRET_KEY: 'sk' };
const minimal = { ...KEYS, XKIT_SLUG: 'acme', XKIT_POLICY_FILE: 'policy.yaml' };
const LOOPBACK = 'HOST must be a loopback address such as 127.0.0.1: the demo keys are public';

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
