import { execute, parse } from 'graphql';
import { describe, expect, it, vi } from 'vitest';

import { type Caller, createConnectionsContext, type Policy } from '../../src/index.js';
import { callerNamed, itHoldsToTheTable } from '../support/access-table.js';
import { codesOf, createHost } from '../support/host.js';

const service: Caller = {
  id: 'bff',
  kind: 'service',
  scopes: ['connections:read', 'tokens:read'],
  users: 'any',
  groups: 'any',
  connectors: 'any',
};

const READ = parse(`query ($keys: [ConnectionKey!]!) {
  connections(keys: $keys) { state authorization { status accessToken } }
}`);
const slackOf = (ownerKind: 'USER' | 'GROUP', ownerId: string, connectorSlug = 'slack') => ({
  ownerKind,
  ownerId,
  connectorSlug,
});

/** Asks a host that leaves access to the schema for one connection, with and without its token. */
async function ask(caller: Caller | undefined, key: object, policy?: Policy) {
  const { schema, sandbox } = createHost({ authorization: undefined, policy });
  const contextValue = createConnectionsContext({ caller });
  const result = await execute({ schema, document: READ, contextValue, variableValues: { keys: [key] } });
  const [item] = (result.data?.['connections'] ?? []) as ({
    state: string;
    authorization: { accessToken: string | null } | null;
  } | null)[];
  return {
    codes: codesOf(result),
    messages: (result.errors ?? []).map(({ message }) => message),
    state: item?.state ?? null,
    token: item?.authorization?.accessToken ?? null,
    lookups: sandbox.requests.entries.length,
  };
}

const refused = { codes: ['FORBIDDEN'], state: null, token: null, lookups: 0 };
const shown = { codes: [], state: 'ACTIVE', lookups: 1 };
const withoutToken = { codes: ['FORBIDDEN'], state: 'ACTIVE', token: null, lookups: 1 };
const alice = slackOf('USER', 'alice');

it.each<[string, Caller | undefined, object, object]>([
  ['nobody', undefined, alice, { codes: ['UNAUTHENTICATED'], state: null, token: null, lookups: 0 }],
  ['a service', service, alice, { ...shown, token: 'sandbox-alice-slack-1-token-1' }],
  ['a service, a group', service, slackOf('GROUP', 'acme'), { ...shown, token: 'sandbox-carol-slack-1-token-1' }],
  [
    'a caller without any scope',
    { ...service, scopes: [] },
    alice,
    { ...refused, messages: ['The caller lacks the scope connections:read.'] },
  ],
  [
    'a caller that may not read tokens',
    { ...service, scopes: ['connections:read'] },
    alice,
    { ...withoutToken, messages: ['The caller lacks the scope tokens:read.'] },
  ],
  ['a caller that may read only tokens', { ...service, scopes: ['tokens:read'] }, alice, refused],
  ['a caller of this user', { ...service, users: ['alice'] }, alice, shown],
  [
    'a caller of another user',
    { ...service, users: ['bob'] },
    alice,
    { ...refused, messages: ['The caller may not ask for this connection.'] },
  ],
  ['a caller of no user', { ...service, users: [] }, alice, refused],
  ['a caller of no group', { ...service, groups: [] }, slackOf('GROUP', 'acme'), refused],
  ['a caller of a group with the same name', { ...service, users: [], groups: ['alice'] }, alice, refused],
  ['a caller of this connector', { ...service, connectors: ['slack'] }, alice, shown],
  ['a caller of another connector', { ...service, connectors: ['github'] }, alice, refused],
  [
    'a caller of this connector in another case',
    { ...service, connectors: ['slack'] },
    slackOf('USER', 'alice', 'SLACK'),
    refused,
  ],
  [
    'a browser, its own user',
    { ...service, kind: 'browser', users: ['alice'] },
    alice,
    { ...shown, token: 'sandbox-alice-slack-1-token-1' },
  ],
  ['a browser, a group', { ...service, kind: 'browser' }, slackOf('GROUP', 'acme'), withoutToken],
  [
    'a refused caller, a connection that does not exist',
    { ...service, users: ['bob'] },
    slackOf('USER', 'nobody'),
    { ...refused, messages: ['The caller may not ask for this connection.'] },
  ],
])('answers %s', async (_, caller, key, expected) => {
  expect(await ask(caller, key)).toMatchObject(expected);
});

describe("a host's policy", () => {
  it.each<[string, Policy, Caller, object]>([
    ['extends the rules', ({ decision, key }) => decision.allowed && key.ownerId !== 'alice', service, refused],
    ['replaces the rules', () => true, { ...service, users: [] }, shown],
    ['takes its time', async () => true, service, shown],
    ['refuses only the token', ({ scope }) => scope === 'connections:read', service, withoutToken],
    [
      'throws',
      () => {
        throw new Error('canary');
      },
      service,
      refused,
    ],
    ['rejects', () => Promise.reject(new Error('canary')), service, refused],
    ['forgets to answer', (() => undefined) as unknown as Policy, service, refused],
    ['answers with something true', (() => 'yes') as unknown as Policy, service, refused],
  ])('that %s', async (_, policy, caller, expected) => {
    const answer = await ask(caller, alice, policy);
    expect(answer).toMatchObject(expected);
    expect(JSON.stringify(answer)).not.toContain('canary');
  });

  it('that hangs means no', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const answer = ask(service, alice, () => new Promise(() => undefined));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await answer).toMatchObject(refused);
    vi.useRealTimers();
  });

  it('is told who asks for what, and what the rules say', async () => {
    const policy = vi.fn<Policy>(() => true);
    await ask({ ...service, scopes: ['connections:read'] }, alice, policy);
    const caller = expect.objectContaining({ id: 'bff' }) as Caller;
    expect(policy.mock.calls.map(([request]) => request)).toEqual([
      { caller, key: slackOf('USER', 'alice'), scope: 'connections:read', decision: { allowed: true } },
      {
        caller,
        key: slackOf('USER', 'alice'),
        scope: 'tokens:read',
        decision: { allowed: false, missingScope: 'tokens:read' },
      },
    ]);
  });
});

it('never gives one caller what another may see, however often both ask at once', async () => {
  const { schema, sandbox } = createHost({ authorization: 'callers' });
  const run = (caller: Caller) =>
    execute({
      schema,
      document: READ,
      contextValue: createConnectionsContext({ caller }),
      variableValues: { keys: [alice] },
    });
  for (let round = 0; round < 25; round += 1) {
    const [allowed, forbidden] = await Promise.all([run(service), run({ ...service, id: 'other', users: [] })]);
    expect(codesOf(allowed)).toEqual([]);
    expect(forbidden.data).toEqual({ connections: [null] });
    expect(codesOf(forbidden)).toEqual(['FORBIDDEN']);
  }
  expect(sandbox.requests.entries).toHaveLength(25);
});

it('asks once for connections of one request although access to each is decided by itself', async () => {
  const { schema, sandbox } = createHost({ authorization: 'callers' });
  const keys = Array.from({ length: 30 }, (_, index) => slackOf('USER', `user-${index % 3}`));
  await execute({
    schema,
    document: READ,
    contextValue: createConnectionsContext({ caller: service }),
    variableValues: { keys },
  });
  expect(sandbox.requests.entries).toHaveLength(3);
});

describe('a host that executes the schema with graphql-js', () => {
  const { schema, sandbox } = createHost({ authorization: 'callers' });
  itHoldsToTheTable({
    ask: async (who, query) => {
      const contextValue = createConnectionsContext({ caller: callerNamed(who) });
      return execute({ schema, document: parse(query), contextValue });
    },
    lookups: () => sandbox.requests.entries.length,
  });
});

it.each<[object, string]>([
  [{ ...service, id: '' }, 'caller.id must be a text that is not empty.'],
  [{ ...service, kind: 'robot' }, 'caller.kind must be service or browser.'],
  [{ ...service, scopes: ['token:read'] }, 'caller.scopes must be a list of connections:read and tokens:read.'],
  [{ ...service, users: undefined }, "caller.users must be 'any' or a list of texts."],
  [{ ...service, groups: 'all' }, "caller.groups must be 'any' or a list of texts."],
  [{ ...service, connectors: [7] }, "caller.connectors must be 'any' or a list of texts."],
])('refuses the caller %o with a sentence', (caller, message) => {
  expect(() => createConnectionsContext({ caller: caller as Caller })).toThrow(new TypeError(message));
});
