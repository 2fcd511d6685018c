import { gzipSync } from 'node:zlib';

import { expect, it } from 'vitest';

import { postJson } from '../../support/post-json.js';
import type { Subject } from './subject.js';

const query = '{ userConnection(userId: "alice", connectorSlug: "slack") { state authorization { accessToken } } }';

export function itSpeaksHttp({ gateway, ask, paths }: Subject) {
  it('sends Cache-Control no-store, and the request id both in the error and in the response header', async () => {
    gateway().sandbox.faults.add({ status: 500 });
    const { headers, error } = await ask('alice', 'slack');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-request-id')).toBe(error?.extensions['requestId']);
  });

  it.each([
    ['GET', undefined, 405],
    ['PUT', 'application/json', 405],
    ['POST', 'text/plain', 415],
    ['POST', 'application/x-www-form-urlencoded', 415],
    ['POST', 'multipart/form-data; boundary=x', 415],
    ['POST', 'application/graphql', 415],
  ])('refuses a %s request of content type %s and executes nothing', async (method, contentType, status) => {
    const response = await gateway().fetch(`/graphql?query=${encodeURIComponent(query)}`, {
      method,
      ...(contentType && { headers: { 'content-type': contentType } }),
      ...(method !== 'GET' && { body: JSON.stringify({ query }) }),
    });
    expect(response.status).toBe(status);
    expect(await response.text()).not.toContain('sandbox-');
    expect(paths()).toEqual([]);
  });

  it.each([
    ['a body that is not JSON', '{"token":"canary', 'BAD_REQUEST'],
    ['a body that is not an object', '"canary"', 'BAD_REQUEST'],
    ['null', 'null', 'BAD_REQUEST'],
    ['a batch', '[{"query":"{ __typename }"}]', 'BAD_REQUEST'],
    ['a syntax error', '{"query":"{ canary( }"}', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{"query":"{ nonesuch }"}', 'GRAPHQL_VALIDATION_FAILED'],
    ['a mutation', '{"query":"mutation { nonesuch }"}', undefined],
    [
      'a variable of the wrong type',
      '{"query":"query ($id: ID!) { a: userConnection(userId: $id, connectorSlug: \\"s\\") { id } }","variables":{"id":{}}}',
      undefined,
    ],
  ])('returns an error with a code for %s, and does not repeat the body', async (_, body, code) => {
    const response = await gateway().fetch('/graphql', postJson(body));
    const text = await response.text();
    const { errors } = JSON.parse(text) as { errors: { extensions: Record<string, unknown> }[] };
    expect(response.status).toBeLessThan(500);
    expect(errors.length).toBeGreaterThan(0);
    for (const { extensions } of errors) {
      expect(extensions).toEqual({
        code: code ?? expect.any(String),
        retryable: false,
        requestId: response.headers.get('x-request-id'),
      });
    }
    expect(text).not.toContain('canary');
  });

  it.each(['gzip', 'br', 'deflate, gzip', 'X-Custom'])(
    'returns 415 with the name of the content encoding %s, and executes nothing',
    async (encoding) => {
      const body = gzipSync(JSON.stringify({ query }));
      const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
      const response = await gateway().fetch('/graphql', { method: 'POST', headers, body });
      expect([response.status, response.headers.get('accept-encoding')]).toEqual([415, 'identity']);
      expect(await response.json()).toMatchObject({
        errors: [{ message: `Send the body without the content encoding "${encoding}".` }],
      });
      expect(paths()).toEqual([]);
    },
  );

  it.each(['identity', 'Identity', ''])('reads a body with the content encoding "%s"', async (encoding) => {
    const response = await gateway().fetch('/graphql', postJson({ query }, { 'content-encoding': encoding }));
    expect(response.status).toBe(200);
  });

  it('does not read a charset from the quoted value of another parameter', async () => {
    const contentType = 'application/json; profile="a; charset=latin1"; charset=utf-8';
    const response = await gateway().fetch('/graphql', postJson({ query }, { 'content-type': contentType }));
    expect(response.status).toBe(200);
  });

  it('refuses a body over 100 kB', async () => {
    const body = JSON.stringify({ query: `{ __typename ${'#'.repeat(100_000)} }` });
    const response = await gateway().fetch('/graphql', postJson(body));
    expect(response.status).toBe(413);
  });

  it('returns 404 and the path of GraphQL for any other path', async () => {
    const response = await gateway().fetch('/');
    expect([response.status, await response.text()]).toEqual([404, 'GraphQL is at /graphql.\n']);
  });

  it('does not allow other origins to read its responses', async () => {
    const response = await gateway().fetch('/graphql', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('does not serve GraphiQL unless it is switched on', async () => {
    const response = await gateway().fetch('/graphql', { headers: { accept: 'text/html' } });
    expect(response.status).toBe(405);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    'image/png',
    'text/html',
    'application/xml',
    'application/jsonx',
    'text/event-streams',
    'application/json;q=0',
    'application/graphql-response+json; q=0.0, text/event-stream;q=0',
    '*/*;q=0',
  ])('returns 406 and executes nothing for a caller that accepts only %s', async (accept) => {
    const response = await gateway().fetch('/graphql', postJson({ query }, { accept }));
    expect([response.status, await response.text()]).toEqual([406, expect.stringContaining('BAD_REQUEST')]);
    expect(paths()).toEqual([]);
  });

  it.each(['*/*', 'application/*', 'text/html, application/json;q=0.9', 'application/graphql-response+json'])(
    'executes an operation for a caller that accepts %s',
    async (accept) => {
      const response = await gateway().fetch('/graphql', postJson({ query }, { accept }));
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('"state":"ACTIVE"');
    },
  );

  const json = 'application/json; charset=utf-8';
  const graphql = 'application/graphql-response+json; charset=utf-8';
  it.each([
    ['*/*', json],
    ['', json],
    ['application/json, text/plain, */*', json],
    ['application/json;q=0.9, application/*', json],
    ['application/graphql-response+json', graphql],
    ['application/graphql-response+json,application/json;q=0.9', graphql],
    ['application/json, Application/GraphQL-Response+JSON; charset=utf-8', graphql],
    ['application/graphql-response+json;q=0.5, application/json', json],
    ['application/graphql-response+json;q=0, */*', json],
    ['application/json;q=0, */*;q=0.1', graphql],
    ['application/json;profile="a, application/graphql-response+json"', json],
    ['text/event-stream, application/graphql-response+json', graphql],
  ])('sends results and refusals to a caller with "Accept: %s" as %s', async (accept, contentType) => {
    const typeOf = async (body: object | string, headers?: Record<string, string>) => {
      const response = await gateway().fetch('/graphql', postJson(body, { accept, ...headers }));
      return [response.status, response.headers.get('content-type')];
    };
    expect(await typeOf({ query })).toEqual([200, contentType]);
    expect(await typeOf({ query }, { authorization: 'Bearer nonesuch' })).toEqual([401, contentType]);
    expect(await typeOf('{')).toEqual([400, contentType]);
    expect(await typeOf({ query: '#'.repeat(100_001) })).toEqual([413, contentType]);
    expect(await typeOf({ query }, { 'content-type': 'text/plain' })).toEqual([415, contentType]);
  });

  it('sends an event stream, after the same checks, to a caller that accepts only text/event-stream', async () => {
    const accept = 'text/event-stream';
    const response = await gateway().fetch('/graphql', postJson({ query }, { accept }));
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    expect(response.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
    expect(response.headers.get('cache-control')).toContain('no-store');
    const text = await response.text();
    expect(text).toContain('event: next');
    expect(text).toContain('"state":"ACTIVE"');
    const unknown = await gateway().fetchAnonymously('/graphql', postJson({ query }, { accept }));
    expect(unknown.status).toBe(401);
    const invalid = await gateway().fetch('/graphql', postJson({ query: '{ nonesuch }' }, { accept }));
    expect(await invalid.text()).toContain('"code":"GRAPHQL_VALIDATION_FAILED"');
    const many = await gateway().fetch('/graphql', postJson({ query: `{ ${'a '.repeat(12_000)} }` }, { accept }));
    expect(await many.text()).toContain('"code":"LIMIT_EXCEEDED"');
  });

  it('returns 200 at /health', async () => {
    expect((await gateway().fetch('/health')).status).toBe(200);
  });
}
