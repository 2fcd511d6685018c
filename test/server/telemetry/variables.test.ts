import { expect, it } from 'vitest';

import { readDevConfiguration } from '../../../src/server/config/configuration.js';
import { problemsOf } from '../../support/configuration-problems.js';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

it.each([
  [false, {}],
  [false, { OTEL_EXPORTER_OTLP_ENDPOINT: '' }],
  [false, { OTEL_SERVICE_NAME: 'connections', OTEL_TRACES_SAMPLER: 'always_on' }],
  [true, endpoint],
  [true, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://collector.example/v1/traces' }],
  [true, { OTEL_TRACES_EXPORTER: 'console' }],
  [true, { ...endpoint, OTEL_SDK_DISABLED: 'false' }],
  [false, { ...endpoint, OTEL_SDK_DISABLED: 'TRUE' }],
  [false, { ...endpoint, OTEL_TRACES_EXPORTER: 'none' }],
])('returns %s as the tracing switch for %o', (traces, environment) => {
  expect(readDevConfiguration(environment).traces).toBe(traces);
});

it('names each endpoint variable that is not a URL, without its value', () => {
  const environment = {
    XKIT_PUBLISHABLE_KEY: 'pk',
    XKIT_SECRET_KEY: 'sk',
    XKIT_SLUG: 'acme',
    XKIT_POLICY_FILE: 'policy.yaml',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'collector',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'token@collector/v1/traces',
  };
  expect(problemsOf(environment)).toEqual(
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'].map(
      (name) => `${name} must be a URL such as http://127.0.0.1:4318`,
    ),
  );
});
