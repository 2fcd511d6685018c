import { expect, it } from 'vitest';

import { loadGraphiql } from '../../../src/server/graphiql/graphiql.js';
import { startInProcess, startProcess } from '../../support/gateway.js';
import { KEYS } from '../../support/policy.js';
import { postJson } from '../../support/post-json.js';
import { until } from '../../support/until.js';

const APP = 'https://app.example.com';
const ask = { query: '{ userConnection(userId: "alice", connectorSlug: "slack") { state } }' };
const preflight = (origin: string) => ({
  method: 'OPTIONS',
  headers: {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  },
});
const corsHeaders = (headers: Headers) => [...headers].filter(([name]) => name.startsWith('access-control-'));

it('lets only pages of the configured origins read responses', async () => {
  const gateway = await startProcess({ XKIT_CORS_ORIGINS: `${APP}, http://localhost:3000` });
  const allowed = await gateway.fetchAnonymously('/graphql', preflight(APP));
  expect(allowed.status).toBe(204);
  expect(Object.fromEntries(corsHeaders(allowed.headers))).toEqual({
    'access-control-allow-origin': APP,
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': expect.stringMatching(/^authorization, content-type, x-request-id, /) as string,
    'access-control-expose-headers': 'x-request-id, retry-after',
    'access-control-max-age': '600',
  });
  const { headers } = await gateway.fetch('/graphql', postJson(ask, { origin: APP }));
  expect(headers.get('access-control-allow-origin')).toBe(APP);
  expect(headers.get('access-control-allow-credentials')).toBeNull();
  expect(headers.get('vary')).toMatch(/origin/i);
  // A page can also read that its key is wrong.
  const refused = await gateway.fetchAnonymously('/graphql', postJson(ask, { origin: APP }));
  expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, APP]);

  for (const origin of [
    'https://evil.example',
    'https://app.example.com.evil.example',
    'https://evilapp.example.com',
    'http://app.example.com',
    'https://app.example.com:8443',
    'HTTPS://APP.EXAMPLE.COM',
    'null',
    '*',
    '',
  ]) {
    const response = await gateway.fetchAnonymously('/graphql', preflight(origin));
    expect([origin, corsHeaders(response.headers)]).toEqual([origin, []]);
    const answer = await gateway.fetch('/graphql', postJson(ask, { origin }));
    expect([origin, corsHeaders(answer.headers)]).toEqual([origin, []]);
  }
  await gateway.close();
});

it.each([
  ['W3C Trace Context', ['traceparent', 'tracestate', 'baggage']],
  ['Sentry', ['sentry-trace', 'baggage', 'traceparent']],
  ['Datadog', ['x-datadog-origin', 'x-datadog-parent-id', 'x-datadog-sampling-priority', 'x-datadog-trace-id']],
  ['Zipkin', ['b3', 'x-b3-traceid', 'x-b3-spanid', 'x-b3-parentspanid', 'x-b3-sampled', 'x-b3-flags']],
  ['New Relic', ['newrelic', 'traceparent', 'tracestate']],
  ['Apollo Client', ['apollographql-client-name', 'apollographql-client-version']],
  ["Apollo's protection against foreign forms", ['apollo-require-preflight', 'x-apollo-operation-name']],
  ["Apollo's mobile clients", ['x-apollo-operation-id', 'x-apollo-operation-name']],
  ['GraphQL Hive', ['graphql-client-name', 'graphql-client-version', 'x-graphql-client-name']],
])('lets pages send the headers of %s', async (_, names) => {
  const gateway = await startInProcess({ handler: { corsOrigins: [APP] } });
  const { headers } = await gateway.fetchAnonymously('/graphql', preflight(APP));
  const allowed = headers.get('access-control-allow-headers')?.split(', ') ?? [];
  expect(allowed).toEqual(expect.arrayContaining(names));
  expect(allowed).not.toContain('*');
  expect(new Set(allowed).size).toBe(allowed.length);
  await gateway.close();
});

it('lets pages read that the gateway is overloaded or shutting down', async () => {
  const gateway = await startProcess({ XKIT_CORS_ORIGINS: APP, XKIT_MAX_OPERATIONS: '1' });
  gateway.sandbox.faults.add({ delayMs: 3_000 });
  const slow = gateway.fetch('/graphql', postJson(ask));
  await until(() => gateway.sandbox.requests.entries.length === 1);
  const expectReadable = async (code: string) => {
    const allowed = await gateway.fetchAnonymously('/graphql', preflight(APP));
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([204, APP]);
    const refused = await gateway.fetch('/graphql', postJson(ask, { origin: APP }));
    expect([refused.status, await refused.text()]).toEqual([503, expect.stringContaining(code)]);
    expect(refused.headers.get('access-control-allow-origin')).toBe(APP);
    expect(refused.headers.get('access-control-expose-headers')).toContain('retry-after');
    const foreign = await gateway.fetchAnonymously('/graphql', preflight('https://evil.example'));
    expect([foreign.status, corsHeaders(foreign.headers)]).toEqual([503, []]);
  };
  await expectReadable('OVERLOADED');
  process.kill(gateway.pid ?? 0, 'SIGTERM');
  await until(() => gateway.output().includes('"event":"stopping"'));
  await expectReadable('SHUTTING_DOWN');
  expect((await slow).status).toBe(200);
  await gateway.close();
});

it('allows introspection only if it is switched on, and only to known callers', async () => {
  const [closed, open] = await Promise.all([startProcess(), startProcess({ XKIT_INTROSPECTION: 'on' })]);
  const body = postJson({ query: '{ __schema { types { name } } }' });
  const refusal = await (await closed.fetch('/graphql', body)).text();
  expect(refusal).toContain('GRAPHQL_VALIDATION_FAILED');
  expect(refusal).not.toContain('Connection');
  expect((await open.fetchAnonymously('/graphql', body)).status).toBe(401);
  expect(await (await open.fetch('/graphql', body)).text()).toContain('"Connection"');
  await Promise.all([closed.close(), open.close()]);
});

it('does not suggest existing names to a caller that misspells one', async () => {
  const gateway = await startInProcess();
  for (const query of [
    '{ userConnectio(userId: "a", connectorSlug: "b") { state } }',
    '{ userConnection(userID: "a", connectorSlug: "b") { stat authorization { acessToken } } }',
    '{ connections(keys: [{ ownerKind: USR, ownerId: "a", connectorSlug: "b" }]) { state } }',
    'query ($keys: [ConnectionKy!]!) { connections(keys: $keys) { state } }',
  ]) {
    const text = await (await gateway.fetch('/graphql', postJson({ query }))).text();
    expect(text).toContain('GRAPHQL_VALIDATION_FAILED');
    expect(text).not.toMatch(/did you mean/i);
    for (const name of ['userConnection"', 'accessToken', '"state', 'USER', 'ConnectionKey']) {
      expect(text.replaceAll(/on type \\"\w+\\"/g, '')).not.toContain(name);
    }
  }
  await gateway.close();
});

it('serves GraphiQL only with a valid key as password, and with a page that uses no other host', async () => {
  const gateway = await startProcess({ XKIT_INTROSPECTION: 'on', XKIT_GRAPHIQL: 'on' });
  const page = (authorization?: string) =>
    gateway.fetchAnonymously('/graphql', { headers: { accept: 'text/html', ...(authorization && { authorization }) } });
  const basic = (password: string) => `Basic ${Buffer.from(`someone:${password}`).toString('base64')}`;
  const unknown = await page();
  expect([unknown.status, unknown.headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('Basic')]);
  for (const authorization of [basic('wrong'), basic(KEYS.expired), 'Basic', 'Basic !', basic('')]) {
    expect((await page(authorization)).status).toBe(401);
  }
  const limited = await startProcess({ XKIT_INTROSPECTION: 'on', XKIT_GRAPHIQL: 'on', XKIT_RATE_LIMIT: '2' });
  const limitedPage = () =>
    limited.fetchAnonymously('/graphql', { headers: { accept: 'text/html', authorization: basic(KEYS.bob) } });
  expect([(await limitedPage()).status, (await limitedPage()).status]).toEqual([200, 200]);
  // Another password would not help: on a 401 the browser would discard this one and prompt for another.
  const late = await limitedPage();
  expect([late.status, late.headers.get('www-authenticate')]).toEqual([429, null]);
  expect(late.headers.get('retry-after')).toMatch(/^\d+$/);
  // A foreign page can make a browser open this page repeatedly. That does not use up the caller's operations.
  const bob = { authorization: `Bearer ${KEYS.bob}` };
  expect((await limited.fetchAnonymously('/graphql', postJson(ask, bob))).status).toBe(200);
  await limited.close();

  const opened = await page(basic(KEYS.bff));
  expect(opened.status).toBe(200);
  const policy = opened.headers.get('content-security-policy')?.split('; ') ?? [];
  expect(policy).toEqual(
    expect.arrayContaining(["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"]),
  );
  expect(policy.join()).not.toMatch(/unsafe-eval|https?:|\*/);
  expect(opened.headers.get('x-frame-options')).toBe('DENY');
  expect(opened.headers.get('x-content-type-options')).toBe('nosniff');
  expect(opened.headers.get('referrer-policy')).toBe('no-referrer');
  expect(opened.headers.get('cache-control')).toBe('no-store');
  const asHead = { method: 'HEAD', headers: { accept: 'text/html', authorization: basic(KEYS.bff) } };
  expect((await gateway.fetchAnonymously('/graphql', asHead)).status).toBe(200);
  const text = await opened.text();
  expect(text).not.toContain(KEYS.bff);
  const [, script = ''] = /src="(graphiql\/\w+\/main\.js)"/.exec(text) ?? [];
  expect((await gateway.fetchAnonymously(`/${script}`)).status).toBe(404);
  const file = await gateway.fetchAnonymously(`/${script}`, { headers: { authorization: basic(KEYS.bff) } });
  expect(await file.text()).toContain('YogaGraphiQL');
  expect(file.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(file.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
  expect(file.headers.get('x-content-type-options')).toBe('nosniff');
  // The password opens the page but executes no operation: a browser would send it with requests of foreign pages, too.
  const operation = await gateway.fetchAnonymously('/graphql', postJson(ask, { authorization: basic(KEYS.bff) }));
  expect(operation.status).toBe(401);
  await gateway.close();
});

it('does not fill in a key if GraphiQL is in production', async () => {
  const { page = '' } = (await loadGraphiql(null)) ?? {};
  expect(page).toContain('Service key or token');
  expect(page).not.toContain('xkgk_');
});
