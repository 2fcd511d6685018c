import { PassThrough } from 'node:stream';

import { pino } from 'pino';
import { expect, it } from 'vitest';

import { PlatformError } from '../../src/platform/errors.js';
import { hashServiceKey } from '../../src/server/auth/service-key.js';
import { createLogObserver } from '../../src/server/telemetry/log.js';
import { metricsUrlOf, scrape } from '../support/exposition.js';
import { startProcess } from '../support/gateway.js';
import { GroupConnection, UserConnection } from '../support/operations.js';
import { KEYS } from '../support/policy.js';
import { postJson } from '../support/post-json.js';
import { until } from '../support/until.js';

it('applies the variables of the catalog, the generation, the group path and the connectors', async () => {
  const gateway = await startProcess({
    XKIT_SLUG: '',
    XKIT_CATALOG_URL: 'https://apps.example.com',
    XKIT_API_GENERATION: 'users',
    XKIT_GROUP_PATH: '/teams/{group_id}/{connector_slug}',
    XKIT_CONNECTORS: 'slack,github',
  });
  const user = async (connectorSlug: string) => gateway.send(UserConnection, { userId: 'alice', connectorSlug });
  expect((await user('zendesk')).errors[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  const link = (await user('github')).data?.userConnection?.repairLink;
  expect(link?.url).toBe('https://apps.example.com/connectors/github');
  await gateway.send(GroupConnection, { groupId: 'acme', connectorSlug: 'slack' });
  expect(gateway.sandbox.requests.entries.map(({ path }) => path)).toEqual([
    '/api/platform/users/alice/connections/github',
    '/api/platform/teams/acme/slack',
  ]);
  await gateway.close();
});

it('sends lookups of users to the path of XKIT_USER_PATH', async () => {
  const gateway = await startProcess({ XKIT_USER_PATH: '/people/{user_id}/{connector_slug}' });
  await gateway.send(UserConnection, { userId: 'alice', connectorSlug: 'slack' });
  expect(gateway.sandbox.requests.entries.map(({ path }) => path)).toEqual(['/api/platform/people/alice/slack']);
  await gateway.close();
});

it('serves its metrics at HOST and XKIT_METRICS_PORT, and prints their URL', async () => {
  const gateway = await startProcess({ XKIT_METRICS_PORT: '0', HOST: 'localhost', LOG_LEVEL: 'silent' });
  const url = await until(() => metricsUrlOf(gateway) || null);
  expect(url).toMatch(/^http:\/\/localhost:\d+\/metrics$/);
  expect((await scrape(gateway)).value('xkit_graphql_operations_total', { code: 'OK' })).toBe(0);
  await gateway.close();
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

it('logs one line for an operation, and one with the reason for a failed lookup', async () => {
  // With one socket, each lookup reuses the connection of the previous one, even if it starts immediately.
  const gateway = await startProcess({ XKIT_MAX_SOCKETS: '1' });
  gateway.sandbox.faults.add({ status: 503 });
  gateway.sandbox.faults.add({ status: 401 });
  gateway.sandbox.faults.add({ disconnect: 'before-response', times: 2 });
  gateway.sandbox.faults.add({ body: '<html>' });
  for (const requestId of ['r-1', 'r-2', 'r-3', 'r-4']) {
    const headers = { 'x-request-id': requestId };
    const response = await gateway.send(UserConnection, { userId: 'alice', connectorSlug: 'slack' }, headers);
    expect(response.headers.get('x-request-id')).toBe(requestId);
  }
  await gateway.close();
  const lines = gateway
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const facts = lines
    .filter(({ requestId, event }) => requestId && event !== 'audit')
    .map((line) => Object.fromEntries(Object.entries(line).filter(([name]) => !['time', 'ms', 'msg'].includes(name))));
  const operation = (requestId: string, code: string) => ({
    level: 40,
    event: 'operation',
    requestId,
    caller: 'bff',
    // The start of the key's hash in the policy file.
    credential: hashServiceKey(KEYS.bff).slice('sha256:'.length).slice(0, 8),
    operation: 'UserConnection',
    documentHash: expect.stringMatching(/^[\da-f]{64}$/) as string,
    lookups: 1,
    platformRequests: 1,
    tokens: 0,
    refusals: 0,
    codes: [code],
  });
  const failure = (requestId: string, level: number, rest: object) => ({
    level,
    event: 'platform-failure',
    requestId,
    ...rest,
  });
  expect(facts).toEqual([
    failure('r-1', 40, { code: 'PLATFORM_UNAVAILABLE', status: 503 }),
    operation('r-1', 'PLATFORM_UNAVAILABLE'),
    failure('r-2', 50, { code: 'PLATFORM_AUTH_FAILED', status: 401 }),
    operation('r-2', 'PLATFORM_AUTH_FAILED'),
    failure('r-3', 40, {
      code: 'PLATFORM_UNAVAILABLE',
      reason: expect.stringMatching(/^(?:ECONNRESET|UND_ERR_SOCKET)$/) as string,
    }),
    operation('r-3', 'PLATFORM_UNAVAILABLE'),
    failure('r-4', 50, {
      code: 'PLATFORM_BAD_RESPONSE',
      status: 200,
      reason: expect.stringContaining('JSON') as string,
    }),
    operation('r-4', 'PLATFORM_BAD_RESPONSE'),
  ]);
});

it('replaces a request id that could forge a log line', async () => {
  const gateway = await startProcess();
  const headers = { 'x-request-id': 'a{"level":50}' };
  const { headers: answered } = await gateway.send(
    UserConnection,
    { userId: 'alice', connectorSlug: 'slack' },
    headers,
  );
  expect(answered.get('x-request-id')).toMatch(/^[\w-]{36}$/);
  await gateway.close();
});

it('aborts the platform request when the caller disconnects', async () => {
  const gateway = await startProcess();
  gateway.sandbox.faults.add({ delayMs: Infinity });
  const controller = new AbortController();
  const query = '{ userConnection(userId: "alice", connectorSlug: "slack") { state } }';
  const asked = gateway.fetch('/graphql', { ...postJson({ query }), signal: controller.signal });
  asked.catch(() => undefined);
  const [request] = await until(() =>
    gateway.sandbox.requests.entries.length > 0 ? gateway.sandbox.requests.entries : null,
  );
  const hungUpAt = performance.now();
  controller.abort();
  // The sandbox ends a delay when its client disconnects, long before the gateway's timeout of 5 s.
  await until(() => (request?.status === null ? null : request));
  expect(performance.now() - hungUpAt).toBeLessThan(1_000);
  await gateway.close();
});

it('logs the location of a bug without its message', () => {
  const printed: string[] = [];
  const logger = pino(new PassThrough().on('data', (chunk) => printed.push(String(chunk))));
  const { onFailure } = createLogObserver(logger, String);
  onFailure?.({
    code: 'INTERNAL_SERVER_ERROR',
    requestId: 'r-1',
    error: new TypeError('canary\n    at canary (file:1:1)'),
  });
  onFailure?.({ code: 'INTERNAL_SERVER_ERROR', requestId: 'r-1', error: 'canary' });
  onFailure?.({ code: 'PLATFORM_TIMEOUT', requestId: 'r-1', error: new PlatformError('PLATFORM_TIMEOUT', 'canary') });
  expect(printed.join('')).toContain('"error":"TypeError"');
  expect(printed.join('')).toContain('serve.test.ts');
  expect(printed.join('')).not.toContain('canary');
});
