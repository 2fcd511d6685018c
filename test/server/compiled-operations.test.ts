import { afterEach, describe, expect, it } from 'vitest';

import type { AuditEvent } from '../../src/access/audit.js';
import { startInProcess, startListening, type TestGateway } from '../support/gateway.js';
import { KEYS, OWNER_HASH_KEY } from '../support/policy.js';
import { postJson } from '../support/post-json.js';

let gateway: TestGateway;
let events: AuditEvent[];
afterEach(() => gateway.close());

type Start = typeof startInProcess;

async function start(startGateway: Start): Promise<void> {
  events = [];
  const sink = (event: AuditEvent) => void events.push(event);
  gateway = await startGateway({ schema: { audit: { sink, ownerHashKey: OWNER_HASH_KEY } } });
}

/** Sends the same thing again and again: interpreted at first, compiled in the end. */
async function sendOften(body: object, sent: Record<string, string> = {}) {
  const answers = [];
  for (let time = 0; time < 8; time += 1) {
    const response = await gateway.fetch('/graphql', postJson(body, { 'x-request-id': 'same', ...sent }));
    // One that is compiled has no other headers than one that is not.
    const headers = [...response.headers].map(([name, value]) => [name.toLowerCase(), value]);
    const text = await response.text();
    answers.push({
      status: response.status,
      headers: headers.filter(([name = '']) => !['content-length', 'date'].includes(name)),
      body: JSON.parse(text) as unknown,
      text,
    });
    // The compiler is loaded meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return answers;
}

const one = 'query One($id: ID!) { a: userConnection(userId: $id, connectorSlug: "slack") { state } }';
const two = `${one} query Two($id: ID!) { b: userConnection(userId: $id, connectorSlug: "slack") { authorization { accessToken } } }`;

const ways: readonly [string, Start][] = [
  ['by fetch', startInProcess],
  ['by node:http', startListening],
];
const operations: [string, object, Record<string, string>?][] = [
  ['an operation', { query: one, variables: { id: 'alice' } }],
  ['one of two', { query: two, operationName: 'Two', variables: { id: 'alice' } }],
  ['neither of two', { query: two, variables: { id: 'alice' } }],
  ['a name that is none', { query: two, operationName: 'Three', variables: { id: 'alice' } }],
  ['a name that is no text', { query: one, operationName: 7, variables: { id: 'alice' } }],
  ['a variable that is missing', { query: one, variables: {} }],
  ['variables that are a list', { query: one, variables: ['alice'] }],
  ['a parameter too many', { query: one, variables: { id: 'alice' }, more: 1 }],
  ['the id of a trusted document, where there are none', { query: one, variables: { id: 'alice' }, documentId: 'x' }],
  ['an error of a field', { query: one, variables: { id: '' } }],
  ['extensions', { query: one, variables: { id: 'alice' }, extensions: { client: 'x' } }],
  ['another media type', { query: one, variables: { id: 'alice' } }, { accept: 'application/graphql-response+json' }],
  ['a page of another origin', { query: one, variables: { id: 'alice' } }, { origin: 'https://app.example.com' }],
  ['several media types', { query: one, variables: { id: 'alice' } }, { accept: 'text/html, application/json;q=0.9' }],
];

describe.each(ways)('%s', (_way, startGateway) => {
  it.each(operations)('answers the eighth time as the first: %s', async (_, body, headers) => {
    await start(startGateway);
    const [first, ...rest] = await sendOften(body, headers);
    for (const answer of rest) expect(answer).toEqual({ ...first, text: expect.any(String) as unknown });
  });

  it('gives each caller what is theirs of what is compiled, and records each time', async () => {
    await start(startGateway);
    const body = { query: two, operationName: 'Two', variables: { id: 'alice' } };
    await sendOften(body);
    expect(events.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 8 }, () => 'disclosed'));
    const bob = await sendOften(body, { authorization: `Bearer ${KEYS.bob}` });
    for (const answer of bob) expect(answer.text).toContain('FORBIDDEN');
    expect(events.slice(8).map(({ outcome, caller }) => [outcome, caller])).toEqual(
      Array.from({ length: 8 }, () => ['refused', 'bob']),
    );
    const [unknown] = await sendOften(body, { authorization: 'Bearer xkgk_nonesuch' });
    expect(unknown?.status).toBe(401);
    const lines = gateway
      .output()
      .split('\n')
      .filter((line) => line.includes('"event":"operation"'));
    expect(lines).toHaveLength(16);
  });

  it('answers a middleware that throws as a bug, with nothing of its stack', async () => {
    const authenticate = () => {
      throw new Error('canary');
    };
    gateway = await startGateway({ gateway: { authenticate } });
    const response = await gateway.fetch('/graphql', postJson({ query: one, variables: { id: 'alice' } }));
    expect([response.status, response.headers.get('cache-control')]).toEqual([500, 'no-store']);
    const text = await response.text();
    expect(text).toContain('INTERNAL_SERVER_ERROR');
    expect(text).not.toMatch(/canary|\.ts/);
    expect(gateway.output()).toContain('"event":"bug"');
    expect(gateway.output()).not.toContain('canary');
  });
});
