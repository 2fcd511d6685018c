import { afterEach, describe, expect, it } from 'vitest';

import type { AuditEvent } from '../../../src/access/audit.js';
import { startInProcess, type TestGateway } from '../../support/gateway.js';
import { KEYS, OWNER_HASH_KEY } from '../../support/policy.js';
import { postJson } from '../../support/post-json.js';

const one = 'query One($id: ID!) { a: userConnection(userId: $id, connectorSlug: "slack") { state } }';
const two = `${one} query Two($id: ID!) { b: userConnection(userId: $id, connectorSlug: "slack") { authorization { accessToken } } }`;
const nullable = `query ($id: ID = "alice") {
  a: userConnection(userId: $id, connectorSlug: "slack") { state } b: __typename
}`;

let gateways: TestGateway[] = [];
afterEach(async () => {
  await Promise.all(gateways.map((gateway) => gateway.close()));
  gateways = [];
});

/** Starts a gateway, and collects its audit events. */
async function start(manifest?: readonly string[]) {
  const events: AuditEvent[] = [];
  const sink = (event: AuditEvent) => void events.push(event);
  const gateway = await startInProcess({ schema: { audit: { sink, ownerHashKey: OWNER_HASH_KEY } }, manifest });
  gateways.push(gateway);
  return { gateway, events };
}

async function send(gateway: TestGateway, body: object, headers: Record<string, string> = {}) {
  const response = await gateway.fetch('/graphql', postJson(body, { 'x-request-id': 'same', ...headers }));
  const text = await response.text();
  const sent = [...response.headers].map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    status: response.status,
    headers: sent.filter(([name]) => !['content-length', 'date'].includes(name)),
    body: JSON.parse(text) as unknown,
    text,
  };
}

const operations: [string, object, Record<string, string>?][] = [
  ['an operation', { query: one, variables: { id: 'alice' } }],
  ['one of two operations', { query: two, operationName: 'Two', variables: { id: 'alice' } }],
  ['neither of two operations', { query: two, variables: { id: 'alice' } }],
  ['an unknown operation name', { query: two, operationName: 'Three', variables: { id: 'alice' } }],
  ['an operation name that is not a string', { query: one, operationName: 7, variables: { id: 'alice' } }],
  ['a missing variable', { query: one, variables: {} }],
  ['variables that are a list', { query: one, variables: ['alice'] }],
  ['an extra parameter', { query: one, variables: { id: 'alice' }, more: 1 }],
  ['a field error', { query: one, variables: { id: '' } }],
  ['extensions', { query: one, variables: { id: 'alice' }, extensions: { client: 'x' } }],
  ['another media type', { query: one, variables: { id: 'alice' } }, { accept: 'application/graphql-response+json' }],
  ['a null for a variable with a default', { query: nullable, variables: { id: null } }],
  ['a rounded id', { query: one, variables: { id: 2 ** 53 } }],
  ['a page of another origin', { query: one, variables: { id: 'alice' } }, { origin: 'https://app.example.com' }],
  ['several media types', { query: one, variables: { id: 'alice' } }, { accept: 'text/html, application/json;q=0.9' }],
];

describe('a compiled operation', () => {
  it.each(operations)('returns the same response as an interpreted one: %s', async (_, body, headers) => {
    const { gateway: interpreting } = await start();
    const { gateway: compiling } = await start([one, two, nullable]);
    const { text: _text, ...interpreted } = await send(interpreting, body, headers);
    for (let time = 0; time < 3; time += 1) expect(await send(compiling, body, headers)).toMatchObject(interpreted);
  });

  it('applies the policy of each caller, and writes an audit event and a log line, at every execution', async () => {
    const { gateway, events } = await start([two]);
    const body = { query: two, operationName: 'Two', variables: { id: 'alice' } };
    for (let time = 0; time < 3; time += 1) expect((await send(gateway, body)).text).toContain('sandbox-alice');
    expect(events.map(({ outcome }) => outcome)).toEqual(['disclosed', 'disclosed', 'disclosed']);
    for (let time = 0; time < 3; time += 1) {
      expect((await send(gateway, body, { authorization: `Bearer ${KEYS.bob}` })).text).toContain('FORBIDDEN');
    }
    expect(events.slice(3).map(({ outcome, caller }) => [outcome, caller])).toEqual(
      Array.from({ length: 3 }, () => ['refused', 'bob']),
    );
    const unknown = await send(gateway, body, { authorization: 'Bearer xkgk_nonesuch' });
    expect(unknown.status).toBe(401);
    const lines = gateway
      .output()
      .split('\n')
      .filter((line) => line.includes('"event":"operation"'));
    expect(lines).toHaveLength(6);
  });

  it('returns INTERNAL_SERVER_ERROR without the message and the stack if authentication throws', async () => {
    const authenticate = () => {
      throw new Error('canary');
    };
    const gateway = await startInProcess({ handler: { authenticate } });
    gateways.push(gateway);
    const response = await gateway.fetch('/graphql', postJson({ query: one, variables: { id: 'alice' } }));
    expect([response.status, response.headers.get('cache-control')]).toEqual([500, 'no-store']);
    const text = await response.text();
    expect(text).toContain('INTERNAL_SERVER_ERROR');
    expect(text).not.toMatch(/canary|\.ts/);
    expect(gateway.output()).toContain('"event":"bug"');
    expect(gateway.output()).not.toContain('canary');
  });
});
