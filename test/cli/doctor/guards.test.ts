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

const needs = "skipped: A variable that it needs is wrong: see 'Configuration'.";

it('lists every mistake in the variables, and goes on with the rest', async () => {
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
      'failed: XKIT_SLGU is not a variable of this program: see --help for its name, or unset it ' +
      'XKIT_API_URL must be an absolute URL such as https://example.com ' +
      'XKIT_REDIS_URL must be a redis:// or rediss:// URL ' +
      'PORT must be a port number from 0 to 65535 ' +
      'XKIT_METRICS_PORT must be a port number from 0 to 65535 ' +
      'XKIT_SLUG or XKIT_CATALOG_URL must be set: without it there is no repair link to give ' +
      '→ Put these variables right: xkit-graphql serve --help lists them all.',
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

it('sends no key to the usual host where the variable of another one may be misspelt', async () => {
  const diagnosis = await run({ XKIT_API_URL: '', XKIT_API_ROOT: around.listening.apiUrl });
  expect(findingsOf(diagnosis)).toEqual({
    configuration:
      'failed: XKIT_API_ROOT is not a variable of this program: see --help for its name, or unset it ' +
      '→ Put these variables right: xkit-graphql serve --help lists them all.',
    'platform-dns': needs,
    'platform-connection': needs,
    'platform-tls': needs,
    'platform-key': needs,
  });
});

it('goes on where the variables of traces are wrong', async () => {
  const diagnosis = await run({ OTEL_EXPORTER_OTLP_ENDPOINT: 'canary' });
  expect([diagnosis.code, Object.keys(findingsOf(diagnosis))]).toEqual([2, ['configuration']]);
  expect(diagnosis.checks['configuration']?.found).toEqual([
    'OTEL_EXPORTER_OTLP_ENDPOINT must be a URL such as http://127.0.0.1:4318',
  ]);
});

it('ends where an answer does not', async () => {
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
