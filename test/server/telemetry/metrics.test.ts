import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { createPlatformClient } from '../../../src/platform/client.js';
import type { Fault } from '../../../src/sandbox/index.js';
import { createConnectorLabel, createMetrics } from '../../../src/server/telemetry/metrics.js';
import { metricsUrlOf, parseExposition, scrape } from '../../support/exposition.js';
import { connectUsers } from '../../support/faults.js';
import { startProcess, type TestGateway } from '../../support/gateway.js';
import { Connections, UserConnection } from '../../support/operations.js';
import { KEYS, writePolicyFile } from '../../support/policy.js';
import { postJson } from '../../support/post-json.js';
import { until } from '../../support/until.js';

const alice = { userId: 'alice', connectorSlug: 'slack' };
let gateway: TestGateway;
afterEach(() => gateway.close());

async function start(environment: Record<string, string> = {}): Promise<void> {
  gateway = await startProcess({ XKIT_METRICS_PORT: '0', ...environment });
  // The line with the URL follows on standard error. The pipe may deliver it later.
  await until(() => metricsUrlOf(gateway) !== '');
}

const ask = (variables = alice, key: string = KEYS.bff) =>
  gateway.send(UserConnection, variables, { authorization: `Bearer ${key}` });

/** Reads one value of the metrics. */
async function read(name: string, labels?: Record<string, string>): Promise<number> {
  return (await scrape(gateway)).value(`xkit_graphql_${name}`, labels);
}

it('counts operations by code, lookups by outcome and platform requests by status, and measures their duration', async () => {
  await start();
  await ask();
  await ask({ userId: 'alice', connectorSlug: 'github' });
  await ask({ userId: 'nobody', connectorSlug: 'slack' });
  await ask(alice, KEYS.bob);
  await ask(alice, 'xkgk_nonesuch');
  await gateway.fetch('/graphql', postJson({ query: '{' }));
  await gateway.fetch('/graphql');
  await gateway.fetch('/health');

  const { value } = await scrape(gateway);
  const operations = (code: string) => value('xkit_graphql_operations_total', { code });
  expect(['OK', 'FORBIDDEN', 'UNAUTHENTICATED', 'OTHER', 'RATE_LIMITED'].map(operations)).toEqual([3, 1, 1, 2, 0]);
  expect(value('xkit_graphql_operation_duration_seconds_count')).toBe(5);
  const lookups = (outcome: string) => value('xkit_graphql_lookups_total', { connector: 'slack', outcome, code: '' });
  expect(['ACTIVE', 'NOT_FOUND'].map(lookups)).toEqual([1, 1]);
  const github = { connector: 'github', outcome: 'NEEDS_REPAIR', code: '' };
  expect(value('xkit_graphql_lookups_total', github)).toBe(1);
  const requests = (status: string) => value('xkit_graphql_platform_request_duration_seconds_count', { status });
  expect(['2xx', '404', '5xx', 'none'].map(requests)).toEqual([2, 1, 0, 0]);
  expect(value('xkit_graphql_platform_request_duration_seconds_sum', { status: '2xx' })).toBeGreaterThan(0);
  const events = (outcome: string) => value('xkit_graphql_audit_events_total', { outcome });
  expect(['disclosed', 'refused', 'lost'].map(events)).toEqual([1, 1, 0]);
  expect(value('process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
});

it.each<[Fault, string, string]>([
  [{ status: 503 }, 'PLATFORM_UNAVAILABLE', '5xx'],
  [{ disconnect: 'before-response', times: 2 }, 'PLATFORM_UNAVAILABLE', 'none'],
  [{ delayMs: Infinity }, 'PLATFORM_TIMEOUT', 'none'],
  [{ status: 429 }, 'PLATFORM_RATE_LIMITED', '429'],
  [{ status: 401 }, 'PLATFORM_AUTH_FAILED', 'other'],
  [{ body: '<html>' }, 'PLATFORM_BAD_RESPONSE', '2xx'],
])(
  'counts %o as a failed lookup with the code %s and as an attempt with the status %s',
  async (fault, code, status) => {
    await start({ XKIT_ATTEMPT_TIMEOUT_MS: '1000' });
    // A connector gets its own label only after the platform has found it.
    await ask({ userId: 'bob', connectorSlug: 'slack' });
    gateway.sandbox.faults.add(fault);
    await ask();
    const { value } = await scrape(gateway);
    expect(value('xkit_graphql_operations_total', { code })).toBe(1);
    expect(value('xkit_graphql_lookups_total', { connector: 'slack', outcome: 'FAILED', code })).toBe(1);
    expect(value('xkit_graphql_platform_request_duration_seconds_count', { status })).toBe(status === '2xx' ? 2 : 1);
  },
);

it('counts retries', async () => {
  await start({ XKIT_MAX_RETRIES: '2' });
  gateway.sandbox.faults.add({ status: 503, times: 2 });
  await ask();
  expect(await read('platform_retries_total')).toBe(2);
  expect(await read('operations_total', { code: 'OK' })).toBe(1);
});

it('reports an open breaker until it closes again', async () => {
  await start();
  expect(await read('platform_breaker_open')).toBe(0);
  const users = connectUsers(gateway, 'user', 10);
  gateway.sandbox.faults.add({ status: 503, times: Infinity });
  for (const userId of users) await ask({ userId, connectorSlug: 'slack' });
  expect(await read('platform_breaker_open')).toBe(1);
  gateway.sandbox.faults.clear();
  await until(async () => (await ask()).errors.length === 0);
  expect(await read('platform_breaker_open')).toBe(0);
});

it('counts waiters, and reports the number of in-flight operations', async () => {
  await start();
  gateway.sandbox.faults.add({ delayMs: 300 });
  const first = ask();
  await until(() => gateway.sandbox.requests.entries.length === 1);
  expect(await read('operations_in_flight')).toBe(1);
  await Promise.all([first, ask()]);
  expect(await read('platform_requests_joined_total')).toBe(1);
  expect(await read('operations_in_flight')).toBe(0);
  expect(gateway.sandbox.requests.entries).toHaveLength(1);
});

it('counts operations that are refused because of overload, and reports the event-loop lag', async () => {
  await start({ XKIT_MAX_OPERATIONS: '1' });
  gateway.sandbox.faults.add({ delayMs: 300 });
  const first = ask();
  await until(() => gateway.sandbox.requests.entries.length === 1);
  expect((await ask()).status).toBe(503);
  await first;
  expect(await read('operations_shed_total')).toBe(1);
  expect(await read('operations_total', { code: 'OVERLOADED' })).toBe(1);
  expect(await read('event_loop_delay_seconds')).toBeLessThan(5);
});

it('counts rate-limited operations and lost audit events', async () => {
  const policy = writePolicyFile();
  await start({ XKIT_RATE_LIMIT: '1', XKIT_AUDIT_LOG: '/dev/full', XKIT_POLICY_FILE: policy.path });
  const bob = { userId: 'bob', connectorSlug: 'slack' };
  gateway.sandbox.store.setConnections('bob', 'slack', [{ enabled: true, status: 'active' }]);
  for (let count = 0; count < 3; count += 1) await ask(bob, KEYS.bob);
  expect(await read('operations_total', { code: 'RATE_LIMITED' })).toBe(2);
  expect(await read('operations_total', { code: 'AUDIT_UNAVAILABLE' })).toBe(1);
  expect(await read('audit_events_total', { outcome: 'lost' })).toBe(1);
  policy.remove();
});

it('uses one label for all connectors that the platform does not know, even for 1,000 made-up slugs', async () => {
  await start();
  for (let round = 0; round < 10; round += 1) {
    const keys = Array.from({ length: 100 }, (_, index) => ({
      ownerKind: 'USER' as const,
      ownerId: 'alice',
      connectorSlug: `made-up-${round}-${index}`,
    }));
    await gateway.send(Connections, { keys });
  }
  await ask({ userId: 'alice', connectorSlug: 'SLACK' });
  const { text, samples, value } = await scrape(gateway);
  expect(text).not.toContain('made-up');
  expect(samples.filter(({ labels }) => 'connector' in labels).length).toBeLessThanOrEqual(2);
  expect(value('xkit_graphql_lookups_total', { connector: 'other', outcome: 'NOT_FOUND', code: '' })).toBeGreaterThan(
    999,
  );
});

it.each<[string, string[] | undefined, number]>([
  ['the first hundred connectors that the platform has found', undefined, 101],
  ['the connectors of XKIT_CONNECTORS', ['app-7', 'App-300', 'never-found'], 3],
])('uses a separate label for each of %s', async (_, connectors, count) => {
  await start();
  const metrics = createMetrics(createConnectorLabel(connectors));
  const platform = createPlatformClient({
    publishableKey: 'pk',
    secretKey: 'sk',
    onEvent: metrics.observer.onPlatformEvent,
    fetch: async (url) => {
      const slug = String(url).split('/').at(-1);
      return Response.json({ connection: { enabled: false }, connector: { slug }, authorization: null });
    },
  });
  for (let index = 0; index < 1_000; index += 1) {
    await platform.readConnection({ ownerKind: 'USER', ownerId: 'alice', connectorSlug: `app-${index}` });
  }
  const { samples } = parseExposition(await metrics.toText());
  const lookups = samples.filter(({ name }) => name === 'xkit_graphql_lookups_total');
  expect(new Set(lookups.map(({ labels }) => labels['connector'])).size).toBe(count);
  expect(lookups.reduce((sum, { value }) => sum + value, 0)).toBe(1_000);
});

it('exports the metrics and labels that the documentation lists, in the format of its example', async () => {
  await start();
  await ask();
  const { text, samples } = await scrape(gateway);
  const page = readFileSync('docs/operations.md', 'utf8');
  const listed = [...page.matchAll(/^\| `(xkit_graphql_\w+)(?:\{([\w,]+)\})?` \|/gm)].map(([, name, labels = '']) => ({
    name,
    labels,
  }));
  const names = [...text.matchAll(/^# TYPE (xkit_graphql_\w+) /gm)].map(([, name]) => name);
  expect(listed.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  for (const { name = '', labels } of listed) {
    const { labels: shown = {} } = samples.find((sample) => sample.name.startsWith(name)) ?? {};
    expect([name, Object.keys(shown).filter((label) => label !== 'le')]).toEqual([
      name,
      labels ? labels.split(',') : [],
    ]);
  }
  const [, example = ''] = /```text\n(# HELP xkit[\s\S]*?)```/.exec(page) ?? [];
  expect(parseExposition(example).samples).toHaveLength(10);
  for (const line of example.split('\n').filter((shown) => shown.startsWith('#'))) expect(text).toContain(line);
});

it('answers only reads of /metrics at the metrics port, and does not serve metrics at the GraphQL port', async () => {
  await start();
  const url = metricsUrlOf(gateway);
  expect((await fetch(`${url}?name=x`)).status).toBe(200);
  expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const { status, headers } = await fetch(url, { method });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  }
  for (const path of ['/', '/graphql', '/health', '/metrics/', '/metricsx']) {
    expect((await fetch(new URL(path, url))).status).toBe(404);
  }
  expect((await gateway.fetch('/metrics')).status).toBe(404);
});

it('exports no key, token, caller, owner or document', async () => {
  await start();
  const { data } = await ask();
  await ask(alice, KEYS.statusPage);
  await ask(alice, 'xkgk_canary');
  await gateway.send(UserConnection, { userId: 'owner-canary', connectorSlug: 'connector-canary' });
  const token = data?.userConnection?.authorization?.accessToken ?? '';
  expect(token).toMatch(/^sandbox-/);
  const fingerprint = data?.userConnection?.authorization?.accessTokenFingerprint ?? '';
  const { text } = await scrape(gateway);
  const secrets = [token, fingerprint, 'token-1', 'xkgk_', ...Object.values(KEYS), 'pk_', 'sk_'];
  const ids = ['bff', 'status-page', 'alice', 'canary', 'UserConnection', 'userConnection', 'http:'];
  for (const word of [...secrets, ...ids]) expect(text).not.toContain(word);
});

it('has one label for the ASCII cases of a slug, and no label for a slug that only resembles it', async () => {
  await start();
  const labelOf = createConnectorLabel(['slack']);
  expect([labelOf('SLACK', true), labelOf('slac\u212a', true), labelOf('\uff53lack', true)]).toEqual([
    'slack',
    'other',
    'other',
  ]);
});
