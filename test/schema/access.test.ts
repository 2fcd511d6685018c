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

/** Queries one connection and its token from a host whose schema decides about access. */
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
  [
    'a request without a caller',
    undefined,
    alice,
    { codes: ['UNAUTHENTICATED'], state: null, token: null, lookups: 0 },
  ],
  ['a service', service, alice, { ...shown, token: 'sandbox-alice-slack-1-token-1' }],
  [
    'a service that reads a group',
    service,
    slackOf('GROUP', 'acme'),
    { ...shown, token: 'sandbox-carol-slack-1-token-1' },
  ],
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
  ['a caller limited to this user', { ...service, users: ['alice'] }, alice, shown],
  [
    'a caller limited to another user',
    { ...service, users: ['bob'] },
    alice,
    { ...refused, messages: ['The caller may not access this connection.'] },
  ],
  ['a caller without any user', { ...service, users: [] }, alice, refused],
  ['a caller without any group', { ...service, groups: [] }, slackOf('GROUP', 'acme'), refused],
  ['a caller limited to a group with the same name', { ...service, users: [], groups: ['alice'] }, alice, refused],
  ['a caller limited to this connector', { ...service, connectors: ['slack'] }, alice, shown],
  ['a caller limited to another connector', { ...service, connectors: ['github'] }, alice, refused],
  [
    'a caller limited to this connector in another case',
    { ...service, connectors: ['slack'] },
    slackOf('USER', 'alice', 'SLACK'),
    refused,
  ],
  [
    'a browser that reads its own user',
    { ...service, kind: 'browser', users: ['alice'] },
    alice,
    { ...shown, token: 'sandbox-alice-slack-1-token-1' },
  ],
  ['a browser that reads a group', { ...service, kind: 'browser' }, slackOf('GROUP', 'acme'), withoutToken],
  [
    'a refused caller that reads a connection that does not exist',
    { ...service, users: ['bob'] },
    slackOf('USER', 'nobody'),
    { ...refused, messages: ['The caller may not access this connection.'] },
  ],
])('applies the access rules to %s', async (_, caller, key, expected) => {
  expect(await ask(caller, key)).toMatchObject(expected);
});

describe("a host's policy", () => {
  it.each<[string, Policy, Caller, object]>([
    ['adds to the rules', ({ decision, key }) => decision.allowed && key.ownerId !== 'alice', service, refused],
    ['replaces the rules', () => true, { ...service, users: [] }, shown],
    ['is awaited', async () => true, service, shown],
    ['refuses only the token', ({ scope }) => scope === 'connections:read', service, withoutToken],
    [
      'refuses if it throws',
      () => {
        throw new Error('canary');
      },
      service,
      refused,
    ],
    ['refuses if it rejects', () => Promise.reject(new Error('canary')), service, refused],
    ['refuses if it returns undefined', (() => undefined) as unknown as Policy, service, refused],
    ['refuses if it returns a truthy value other than true', (() => 'yes') as unknown as Policy, service, refused],
  ])('%s', async (_, policy, caller, expected) => {
    const answer = await ask(caller, alice, policy);
    expect(answer).toMatchObject(expected);
    expect(JSON.stringify(answer)).not.toContain('canary');
  });

  it('refuses after one second if it hangs', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const answer = ask(service, alice, () => new Promise(() => undefined));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await answer).toMatchObject(refused);
    vi.useRealTimers();
  });

  it('receives the caller, the key, the scope and the decision of the rules', async () => {
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

it('does not share a connection with a concurrent caller that may not read it', async () => {
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

it('looks up each connection of a request once, although access is decided separately for each key', async () => {
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
  [{ ...service, id: '' }, 'caller.id must be a non-empty string.'],
  [{ ...service, kind: 'robot' }, 'caller.kind must be service or browser.'],
  [{ ...service, scopes: ['token:read'] }, 'caller.scopes must be a list of connections:read and tokens:read.'],
  [{ ...service, users: undefined }, "caller.users must be 'any' or a list of strings."],
  [{ ...service, groups: 'all' }, "caller.groups must be 'any' or a list of strings."],
  [{ ...service, connectors: [7] }, "caller.connectors must be 'any' or a list of strings."],
])('refuses the caller %o with a message', (caller, message) => {
  expect(() => createConnectionsContext({ caller: caller as Caller })).toThrow(new TypeError(message));
});
