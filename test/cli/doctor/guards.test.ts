import { createServer } from 'node:http';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { type Diagnosis, diagnose, findingsOf, startSurroundings, type Surroundings } from '../../support/doctor.js';

let around: Surroundings;
beforeAll(async () => {
  around = await startSurroundings();
});
afterAll(() => around.close());

async function run(changes: Record<string, string>): Promise<Diagnosis> {
  const diagnosis = await diagnose({ ...around.sound, ...changes });
  expect(diagnosis.output).not.toContain('canary');
  return diagnosis;
}

const needs = "skipped: Skipped because of an invalid variable: see 'Configuration'.";

it('lists every invalid variable, and runs the checks that do not need it', async () => {
  const diagnosis = await run({
    XKIT_API_URL: 'canary',
    XKIT_CATALOG_URL: '',
    XKIT_SLGU: 'canary',
    PORT: '70000',
    XKIT_METRICS_PORT: 'canary',
    XKIT_REDIS_URL: 'canary',
  });
  expect(diagnosis.code).toBe(2);
  expect(findingsOf(diagnosis)).toEqual({
    configuration:
      'failed: XKIT_SLGU is not a variable of this program: see --help for the correct name, or unset it ' +
      'XKIT_API_URL must be an absolute URL such as https://example.com ' +
      'XKIT_REDIS_URL must be a redis:// or rediss:// URL ' +
      'PORT must be a port number from 0 to 65535 ' +
      'XKIT_METRICS_PORT must be a port number from 0 to 65535 ' +
      'XKIT_SLUG or XKIT_CATALOG_URL must be set: repair links lead to the catalog ' +
      '→ Fix these variables. xkit-graphql serve --help lists all variables.',
    port: needs,
    'metrics-port': needs,
    'platform-dns': needs,
    'platform-connection': needs,
    'platform-tls': needs,
    'platform-key': needs,
    catalog: needs,
    redis: needs,
  });
});

it('sends no key to the default host if an unknown variable may be a misspelled one', async () => {
  const diagnosis = await run({ XKIT_API_URL: '', XKIT_API_ROOT: around.listening.apiUrl });
  expect(findingsOf(diagnosis)).toEqual({
    configuration:
      'failed: XKIT_API_ROOT is not a variable of this program: see --help for the correct name, or unset it ' +
      '→ Fix these variables. xkit-graphql serve --help lists all variables.',
    'platform-dns': needs,
    'platform-connection': needs,
    'platform-tls': needs,
    'platform-key': needs,
  });
});

it('runs the other checks if the variables for tracing are invalid', async () => {
  const diagnosis = await run({ OTEL_EXPORTER_OTLP_ENDPOINT: 'canary' });
  expect([diagnosis.code, Object.keys(findingsOf(diagnosis))]).toEqual([2, ['configuration']]);
  expect(diagnosis.checks['configuration']?.found).toEqual([
    'OTEL_EXPORTER_OTLP_ENDPOINT must be a URL such as http://127.0.0.1:4318',
  ]);
});

it('ends although a response never ends', async () => {
  const port = await around.listen(
    createServer(({ method, headers }, response) => {
      response.writeHead(404);
      if (method === 'GET' && headers.authorization === undefined) response.write('canary');
      else response.end();
    }),
  );
  const startedAt = performance.now();
  const diagnosis = await run({ XKIT_API_URL: `http://127.0.0.1:${port}` });
  expect(diagnosis.checks['platform-key']?.result).toBe('failed');
  expect(performance.now() - startedAt).toBeLessThan(15_000);
});
