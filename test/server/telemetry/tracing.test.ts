import { afterEach, expect, it } from 'vitest';

import { createSandbox, SANDBOX_CREDENTIALS } from '../../../src/sandbox/index.js';
import { type CollectedSpan, type Collector, startCollector } from '../../support/collector.js';
import { scrape } from '../../support/exposition.js';
import { findFreePort } from '../../support/free-port.js';
import { startCli, startProcess, type TestGateway } from '../../support/gateway.js';
import { Connections, UserConnection } from '../../support/operations.js';
import { KEYS } from '../../support/policy.js';
import { recordPlatform } from '../../support/recording-platform.js';
import { until } from '../../support/until.js';

/** A log line. */
type LogLine = Readonly<Record<string, unknown>> & { readonly event: string };

const alice = { userId: 'alice', connectorSlug: 'slack' };
const REMOTE = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function collect(...args: Parameters<typeof startCollector>): Promise<Collector> {
  const collector = await startCollector(...args);
  closing.push(collector.close);
  return collector;
}

async function start(environment: Record<string, string>): Promise<TestGateway> {
  const gateway = await startProcess(environment);
  closing.push(gateway.close);
  return gateway;
}

const key = (ownerId: string, connectorSlug: string) => ({ ownerKind: 'USER' as const, ownerId, connectorSlug });

/** Reads the log lines of an event. */
const linesOf = (gateway: TestGateway, event: string) =>
  gateway
    .output()
    .split('\n')
    .filter((line) => line.startsWith(`{"level"`))
    .map((line) => JSON.parse(line) as LogLine)
    .filter((line) => line.event === event);

const below = (spans: readonly CollectedSpan[], parent: CollectedSpan | undefined) =>
  spans.filter(({ parentSpanId }) => parentSpanId === parent?.spanId);

it('adds spans of the operation, its lookups and its attempts to the trace of the caller, and forwards it to the platform', async () => {
  const collector = await collect();
  const sandbox = createSandbox();
  const platform = await recordPlatform(sandbox);
  closing.push(platform.close);
  const gateway = await start({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    XKIT_API_URL: platform.apiUrl,
    XKIT_CONNECTORS: 'slack,github',
    XKIT_MAX_RETRIES: '1',
    LOG_LEVEL: 'debug',
  });
  sandbox.faults.add({ ownerId: 'alice', connectorSlug: 'slack', status: 503 });
  const keys = [key('alice', 'slack'), key('alice', 'github'), key('nobody', 'slack')];
  await gateway.send(
    Connections,
    { keys },
    {
      traceparent: `00-${REMOTE.traceId}-${REMOTE.spanId}-01`,
      tracestate: 'vendor=state',
      baggage: 'secret=canary-baggage',
    },
  );
  await gateway.close();

  const { spans } = collector;
  expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([REMOTE.traceId]));
  const [operation, ...others] = spans.filter(({ parentSpanId }) => parentSpanId === REMOTE.spanId);
  expect(others).toEqual([]);
  expect(operation).toMatchObject({
    name: 'query',
    kind: 'SERVER',
    failed: false,
    attributes: {
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Connections',
      'xkit.codes': [],
      'xkit.lookups': 3,
      'xkit.platform_requests': 4,
      'xkit.tokens': 1,
      'xkit.refusals': 0,
    },
    resource: { 'service.name': 'xkit-graphql', 'service.instance.id': expect.stringMatching(/^[\w-]{36}$/) },
  });
  const lookups = below(spans, operation);
  expect(lookups.map(({ name, kind, failed, attributes }) => ({ name, kind, failed, ...attributes }))).toEqual(
    expect.arrayContaining(
      ['ACTIVE slack', 'NEEDS_REPAIR github', 'NOT_FOUND slack'].map((words) => {
        const [outcome, connector] = words.split(' ');
        const attributes = { 'xkit.connector': connector, 'xkit.outcome': outcome, 'xkit.joined': false };
        return { name: 'connection lookup', kind: 'INTERNAL', failed: false, ...attributes };
      }),
    ),
  );
  const attempts = lookups.map((lookup) => below(spans, lookup));
  expect(attempts.flat()).toHaveLength(4);
  expect(spans).toHaveLength(8);
  const [failed, repeated] = attempts.find(({ length }) => length === 2) ?? [];
  const { hostname, port } = new URL(platform.apiUrl);
  const common = {
    'http.request.method': 'GET',
    'server.address': hostname,
    'server.port': Number(port),
    'url.template': `${new URL(platform.apiUrl).pathname}/connections/{user_id}/{connector_slug}`,
  };
  expect([failed, repeated].map((span) => [span?.kind, span?.failed, span?.attributes])).toEqual([
    ['CLIENT', true, { ...common, 'http.response.status_code': 503, 'error.type': 'PLATFORM_UNAVAILABLE' }],
    ['CLIENT', false, { ...common, 'http.response.status_code': 200, 'http.request.resend_count': 1 }],
  ]);
  expect(platform.headers.map(({ traceparent }) => traceparent).toSorted()).toEqual(
    attempts
      .flat()
      .map(({ spanId }) => `00-${REMOTE.traceId}-${spanId}-01`)
      .toSorted(),
  );
  for (const headers of platform.headers) {
    expect(headers).toMatchObject({ tracestate: 'vendor=state', accept: 'application/json' });
    expect(headers).not.toHaveProperty('baggage');
  }
  expect([...linesOf(gateway, 'operation'), ...linesOf(gateway, 'lookup')].map(({ traceId }) => traceId)).toEqual(
    Array.from({ length: 4 }, () => REMOTE.traceId),
  );
});

it('starts a new trace if traceparent is invalid, records no attempt for a waiter, and exports no secret', async () => {
  const collector = await collect();
  const gateway = await start({
    OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=canary-collector',
    OTEL_SERVICE_NAME: 'connections',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    OTEL_LOG_LEVEL: 'debug',
    XKIT_METRICS_PORT: '0',
    LOG_LEVEL: 'trace',
  });
  gateway.sandbox.store.setConnections('owner-canary', 'slack', [{ enabled: true, status: 'active' }]);
  gateway.sandbox.faults.add({ delayMs: 800 });
  const own = { userId: 'owner-canary', connectorSlug: 'slack' };
  const traceparent = '00-00000000000000000000000000000000-b7ad6b7169203331-01';
  const first = gateway.send(UserConnection, own, { traceparent, 'x-canary': 'canary-header' });
  await until(() => gateway.sandbox.requests.entries.length === 1);
  const [{ data }] = await Promise.all([first, gateway.send(UserConnection, own)]);
  await gateway.send(UserConnection, { ...own, connectorSlug: 'connector-canary' });
  await gateway.send(UserConnection, own, { authorization: `Bearer ${KEYS.bob}` });
  await gateway.send(UserConnection, { ...own, rejectedTokenFingerprint: 'fingerprint-canary' });
  await gateway.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ canary_text',
  });
  await gateway.send(UserConnection, own, { authorization: 'Bearer xkgk_canary' });
  const { text: metrics } = await scrape(gateway);
  await gateway.close();

  const { spans } = collector;
  const operations = spans.filter(({ kind }) => kind === 'SERVER');
  // A body that is not JSON and an unknown caller start no trace.
  expect(new Set(operations.map(({ traceId }) => traceId)).size).toBe(5);
  expect(operations.map(({ attributes }) => attributes['xkit.codes'])).toEqual(
    expect.arrayContaining([[], ['FORBIDDEN'], ['BAD_USER_INPUT']]),
  );
  const lookups = spans.filter(({ name }) => name === 'connection lookup');
  expect(lookups.map((lookup) => [lookup.attributes['xkit.joined'], below(spans, lookup).length]).toSorted()).toEqual([
    [false, 1],
    [false, 1],
    [true, 0],
  ]);
  expect(lookups.map(({ attributes }) => attributes['xkit.connector'])).toContain('other');
  expect(spans[0]?.resource).toMatchObject({ 'service.name': 'connections', 'deployment.environment.name': 'test' });
  expect(Object.keys(spans[0]?.resource ?? {}).filter((name) => /^(?:process|host)\./.test(name))).toEqual([]);
  expect(collector.headers[0]).toMatchObject({ authorization: 'canary-collector', 'content-type': 'application/json' });

  const token = data?.userConnection?.authorization?.accessToken ?? '';
  expect(token).toMatch(/^sandbox-/);
  const { publishableKey, secretKey } = SANDBOX_CREDENTIALS;
  const basic = Buffer.from(`${publishableKey}:${secretKey}`).toString('base64');
  const secrets = [
    token,
    'token-1',
    secretKey,
    publishableKey,
    basic,
    'canary',
    ...Object.values(KEYS),
    'userConnection(',
  ];
  for (const text of [collector.bytes(), metrics, gateway.output()]) {
    for (const secret of secrets) {
      // Audit events name the connector. They are not log lines.
      const lines = text.split('\n').filter((line) => !line.startsWith('{"event":"audit"'));
      expect(lines.join('\n')).not.toContain(secret);
    }
  }
});

it.each<[string, string, Parameters<typeof startCollector>[0]]>([
  ['refuses connections', 'ECONNREFUSED', undefined],
  ['refuses spans', '401', (response) => response.writeHead(401).end('canary-answer')],
  ['does not answer', '', () => undefined],
])('executes operations, and shuts down in time, while the collector %s', async (_, reason, answer) => {
  const collector = answer ? (await collect(answer)).url : `http://127.0.0.1:${await findFreePort()}`;
  const gateway = await start({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.replace('//', '//user:canary-password@'),
    OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=canary-header',
    // A short timeout, which expires during the test, or a long one, which a shutdown does not wait for.
    OTEL_EXPORTER_OTLP_TIMEOUT: reason === '' ? '60000' : '700',
    OTEL_BSP_SCHEDULE_DELAY: '10',
  });
  for (let count = 0; count < 3; count += 1) {
    expect((await gateway.send(UserConnection, alice)).data?.userConnection?.state).toBe('ACTIVE');
  }
  if (reason !== '') {
    await until(() => linesOf(gateway, 'traces-failure').length > 0);
    expect((await gateway.send(UserConnection, alice)).errors).toEqual([]);
  }
  const stoppedAt = performance.now();
  await gateway.close();
  expect(performance.now() - stoppedAt).toBeLessThan(5_000);
  expect(await gateway.ended).toBe(0);
  const reasons = linesOf(gateway, 'traces-failure').map((line) => line['reason']);
  expect(reasons[0] ?? '').toBe(reason);
  // The gateway does not repeat the same reason for a while.
  expect(new Set(reasons).size).toBe(reasons.length);
  expect(gateway.output()).not.toContain('canary');
});

it('loads no SDK and forwards no trace while tracing is switched off', async () => {
  const platform = await recordPlatform(createSandbox());
  closing.push(platform.close);
  const report = `import { createRequire } from 'node:module';
    const { cache } = createRequire('${process.cwd()}/');
    process.on('exit', () => console.log(Object.keys(cache).filter((path) => /@opentelemetry.(?!api.)/.test(path)).length, 'loaded'));`;
  const gateway = await start({
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(report)}`,
    XKIT_API_URL: platform.apiUrl,
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    OTEL_SDK_DISABLED: 'true',
  });
  await gateway.send(UserConnection, alice, { traceparent: `00-${REMOTE.traceId}-${REMOTE.spanId}-01` });
  await gateway.close();
  expect(gateway.output()).toContain('0 loaded');
  expect(platform.headers).toHaveLength(1);
  expect(platform.headers[0]).not.toHaveProperty('traceparent');
  expect(linesOf(gateway, 'operation')[0]).not.toHaveProperty('traceId');
});

it('uses the SDK that the operator has registered, and starts no other one', async () => {
  const collector = await collect();
  const gateway = await start({
    NODE_OPTIONS: '--import=./test/support/own-sdk.js',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  });
  await gateway.send(UserConnection, alice);
  await gateway.close();
  expect(linesOf(gateway, 'lookup')).toEqual([]);
  expect(collector.spans.map(({ kind, resource }) => [kind, resource['service.name']])).toEqual(
    ['CLIENT', 'INTERNAL', 'SERVER'].map((kind) => [kind, 'of-the-operator']),
  );
});

it.each([
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' },
    'OTEL_EXPORTER_OTLP_ENDPOINT must be a URL such as http://127.0.0.1:4318',
  ],
  [
    { OTEL_TRACES_EXPORTER: 'nonesuch' },
    'OTEL_TRACES_EXPORTER must name an exporter of the SDK: otlp, console, or none',
  ],
])('does not start with %o', async (environment, problem) => {
  const cli = startCli(['dev'], { PORT: '0', SANDBOX_PORT: '0', ...environment });
  expect(await cli.ended).toBe(2);
  expect(cli.output()).toContain(problem);
});
