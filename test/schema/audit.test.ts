import { createHash, createHmac } from 'node:crypto';
import { stat } from 'node:fs/promises';

import { execute, parse } from 'graphql';
import { afterEach, describe, expect, it, vi } from 'vitest';

import {
  type AuditEvent,
  type AuditOptions,
  type Caller,
  type ConnectionsFailure,
  type ConnectionsSchemaOptions,
  createConnectionsContext,
} from '../../src/index.js';
import { codesOf, createHost } from '../support/host.js';

const bff: Caller = {
  id: 'bff',
  kind: 'service',
  scopes: ['connections:read', 'tokens:read'],
  users: 'any',
  groups: 'any',
  connectors: 'any',
};
const ownerHashKey = 'owner-hash-key-of-the-tests';
const TOKEN = 'sandbox-alice-slack-1-token-1';
const ALICE =
  'query Alice { userConnection(userId: "alice", connectorSlug: "slack") { state authorization { accessToken } } }';

function createAuditedHost(audit: Partial<AuditOptions>, options: Partial<ConnectionsSchemaOptions> = {}) {
  const events: AuditEvent[] = [];
  const failures: ConnectionsFailure[] = [];
  const host = createHost({
    authorization: 'callers',
    audit: { sink: (event) => void events.push(event), ownerHashKey, ...audit },
    onFailure: (failure) => failures.push(failure),
    ...options,
  });
  const ask = (source: string, caller: Caller | undefined = bff) =>
    execute({
      schema: host.schema,
      document: parse(source),
      contextValue: createConnectionsContext({ caller, requestId: 'r-1' }),
    });
  return { ...host, events, failures, ask };
}

const event = (fields: Partial<AuditEvent>) => ({
  time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
  requestId: 'r-1',
  caller: 'bff',
  callerKind: 'service',
  ownerKind: 'USER',
  ownerHash: createHmac('sha256', ownerHashKey).update('alice').digest('hex').slice(0, 32),
  connectorSlug: 'slack',
  ...fields,
});
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

afterEach(() => vi.useRealTimers());

it('records the caller and the operation of a returned token, without the token or the owner id', async () => {
  const { events, ask } = createAuditedHost({});
  expect(codesOf(await ask(ALICE))).toEqual([]);
  expect(events).toEqual([
    event({
      outcome: 'disclosed',
      operationName: 'Alice',
      documentHash: sha256(ALICE),
      tokenFingerprint: sha256(TOKEN).slice(0, 16),
      code: null,
      missingScope: null,
    }),
  ]);
  expect(JSON.stringify(events)).not.toMatch(/alice|token-1/);
});

it.each<[string, Caller | undefined, Partial<AuditEvent>]>([
  [
    'a request without a caller',
    undefined,
    { caller: null, callerKind: null, code: 'UNAUTHENTICATED', missingScope: null },
  ],
  [
    'a caller without the scope connections:read',
    { ...bff, scopes: [] },
    { code: 'FORBIDDEN', missingScope: 'connections:read' },
  ],
  [
    'a caller without the scope tokens:read',
    { ...bff, scopes: ['connections:read'] },
    { code: 'FORBIDDEN', missingScope: 'tokens:read' },
  ],
  ['a caller that may not read this user', { ...bff, users: [] }, { code: 'FORBIDDEN', missingScope: null }],
])('records that %s was refused', async (_, caller, expected) => {
  const { events, ask, schema } = createAuditedHost({});
  await (caller
    ? ask(ALICE, caller)
    : execute({ schema, document: parse(ALICE), contextValue: createConnectionsContext({ requestId: 'r-1' }) }));
  expect(events).toEqual([
    event({
      outcome: 'refused',
      operationName: 'Alice',
      documentHash: sha256(ALICE),
      tokenFingerprint: null,
      ...expected,
    }),
  ]);
});

it('records nothing if no token is requested or none exists', async () => {
  const { events, ask } = createAuditedHost({});
  await ask(
    '{ userConnection(userId: "alice", connectorSlug: "slack") { state authorization { accessTokenFingerprint } } }',
  );
  await ask('{ userConnection(userId: "alice", connectorSlug: "github") { authorization { accessToken } } }');
  await ask('{ userConnection(userId: "", connectorSlug: "slack") { authorization { accessToken } } }');
  expect(events).toEqual([]);
});

it('records one event per token and one per refusal, for any number of aliases', async () => {
  const { events, ask } = createAuditedHost({});
  const alias = (name: string, userId: string) =>
    `${name}: userConnection(userId: "${userId}", connectorSlug: "slack") { authorization { accessToken } }`;
  await ask(`{ ${alias('a', 'alice')} ${alias('b', 'alice')} ${alias('c', 'bob')} }`, { ...bff, users: ['alice'] });
  await ask(`{ ${alias('a', 'bob')} ${alias('b', 'bob')} }`, { ...bff, users: [] });
  expect(events.map(({ outcome }) => outcome).toSorted()).toEqual(['disclosed', 'refused', 'refused']);
});

it('records the same token once per request', async () => {
  const { events, ask } = createAuditedHost({});
  await Promise.all([ask(ALICE), ask(ALICE)]);
  expect(events).toHaveLength(2);
});

it('hashes the printed form of a document without a source', async () => {
  const { events, schema } = createAuditedHost({});
  const document = parse(`${ALICE.replace('{ state', '{ ...F state')} fragment F on Connection { id }`, {
    noLocation: true,
  });
  await execute({ schema, document, contextValue: createConnectionsContext({ caller: bff }) });
  expect(events[0]?.documentHash).toMatch(/^[0-9a-f]{64}$/);
});

describe('a failing sink', () => {
  const sinks: [string, AuditOptions['sink']][] = [
    [
      'throws',
      () => {
        throw new Error('canary');
      },
    ],
    ['rejects', () => Promise.reject(new Error('canary'))],
    ['rejects with nothing', () => Promise.reject()],
  ];

  it.each(sinks)('withholds the token if the sink %s', async (_, sink) => {
    const { ask, failures } = createAuditedHost({ sink });
    const result = await ask(ALICE);
    expect(result.data).toEqual({ userConnection: { state: 'ACTIVE', authorization: { accessToken: null } } });
    expect(result.errors?.[0]?.toJSON()).toMatchObject({
      message: 'The audit event could not be written, so the token was withheld.',
      path: ['userConnection', 'authorization', 'accessToken'],
      extensions: { code: 'AUDIT_UNAVAILABLE', retryable: true, requestId: 'r-1' },
    });
    expect(JSON.stringify(result)).not.toMatch(/canary|token-1/);
    expect(failures.map(({ code, requestId }) => [code, requestId])).toEqual([['AUDIT_UNAVAILABLE', 'r-1']]);
  });

  it('withholds the token if the sink hangs', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { ask } = createAuditedHost({ sink: () => new Promise(() => undefined) });
    const result = ask(ALICE);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(codesOf(await result)).toEqual(['AUDIT_UNAVAILABLE']);
  });

  it('times out each event separately if the sink returns one promise for several', async () => {
    vi.useFakeTimers();
    const never = new Promise<void>(() => undefined);
    const { ask } = createAuditedHost({ sink: () => never });
    const ended: string[] = [];
    const start = (name: string) =>
      void Promise.resolve(ask(ALICE)).then((result) => ended.push(`${name} ${codesOf(result).join()}`));
    start('first');
    await vi.advanceTimersByTimeAsync(50);
    start('later');
    await vi.advanceTimersByTimeAsync(1_951);
    expect(ended).toEqual(['first AUDIT_UNAVAILABLE']);
    await vi.advanceTimersByTimeAsync(50);
    expect(ended).toEqual(['first AUDIT_UNAVAILABLE', 'later AUDIT_UNAVAILABLE']);
  });

  it.each(sinks)('returns the token and reports the failure in best-effort mode if the sink %s', async (_, sink) => {
    const { ask, failures } = createAuditedHost({ sink, mode: 'best-effort' });
    const result = await ask(ALICE);
    expect(codesOf(result)).toEqual([]);
    expect(JSON.stringify(result.data)).toContain(TOKEN);
    expect(failures.map(({ code, requestId }) => [code, requestId])).toEqual([['AUDIT_UNAVAILABLE', 'r-1']]);
  });

  it.each(sinks)('still refuses a caller and reports the failure if the sink %s', async (_, sink) => {
    const { ask, failures } = createAuditedHost({ sink });
    expect(codesOf(await ask(ALICE, { ...bff, users: [] }))).toEqual(['FORBIDDEN']);
    expect(failures.map(({ code }) => code)).toEqual(['AUDIT_UNAVAILABLE']);
  });
});

it('records a token that a trusted host returns', async () => {
  const { events, ask } = createAuditedHost({}, { authorization: 'host-trusted' });
  await ask(ALICE);
  expect(events.map(({ outcome }) => outcome)).toEqual(['disclosed']);
});

it.each(['', 'short', undefined])('refuses the owner hash key %o', (key) => {
  expect(() => createAuditedHost({ ownerHashKey: key as string })).toThrow(
    new TypeError('ownerHashKey must be a string of at least 16 characters.'),
  );
});

it('refuses an unknown mode', () => {
  expect(() => createAuditedHost({ mode: 'off' as 'required' })).toThrow(
    new TypeError('audit.mode must be required or best-effort.'),
  );
});

it('returns the token even if an observer throws', async () => {
  const fail = vi.fn(() => {
    throw new Error('canary');
  });
  const { schema, events } = createAuditedHost({});
  const contextValue = createConnectionsContext({ caller: bff, observer: { onLookup: fail, onAudited: fail } });
  const result = await execute({ schema, document: parse(ALICE), contextValue });
  expect(codesOf(result)).toEqual([]);
  expect(JSON.stringify(result.data)).toContain(TOKEN);
  expect([events.length, fail.mock.calls.length]).toEqual([1, 2]);
});

it('returns the token if the event was written in time, even if the event loop was blocked past the timeout', async () => {
  const isTaken = vi.fn();
  const sink = () => {
    const taken = stat('.').then(isTaken);
    // The file system finishes meanwhile. Then both its result and the timeout are due.
    queueMicrotask(() => {
      const end = performance.now() + 2_100;
      while (performance.now() < end);
    });
    return taken;
  };
  const { ask } = createAuditedHost({ sink });
  expect(codesOf(await ask(ALICE))).toEqual([]);
  expect(isTaken).toHaveBeenCalledTimes(1);
});
