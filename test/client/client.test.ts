import { afterAll, expect, it } from 'vitest';

import {
  ConnectionNeedsRepair,
  ConnectionsDocument,
  ConnectionStatesDocument,
  ConnectionUnavailable,
  createGatewayClient,
  GroupConnectionDocument,
  isRetryable,
  listConnections,
  requireAccessToken,
  toAnswerErrors,
  UserConnectionDocument,
  withFreshToken,
} from '../../src/client/index.js';
import { startInProcess } from '../support/gateway.js';
import { KEYS } from '../support/policy.js';

const gateway = await startInProcess();
afterAll(() => gateway.close());

const url = (await gateway.fetch('/health')).url.replace('/health', '/graphql');
const { send } = createGatewayClient({ url, credentials: KEYS.bff });
const { send: sendAsStatusPage } = createGatewayClient({ url, credentials: KEYS.statusPage });

const askFor = async (userId: string, connectorSlug: string, rejectedTokenFingerprint?: string) => {
  const variables = { userId, connectorSlug, rejectedTokenFingerprint };
  const { data, errors } = await send(UserConnectionDocument, variables);
  return { connection: data?.userConnection, errors };
};

const thrownBy = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};

it('returns the access token of an active connection', async () => {
  const { connection } = await askFor('alice', 'slack');
  expect(requireAccessToken(connection)).toBe('sandbox-alice-slack-1-token-1');
  const { data } = await send(GroupConnectionDocument, { groupId: 'acme', connectorSlug: 'slack' });
  expect(requireAccessToken(data?.groupConnection)).toBe('sandbox-carol-slack-1-token-1');
});

it('throws ConnectionNeedsRepair with the repair link when a connection is not active', async () => {
  const { connection, errors } = await askFor('alice', 'github');
  const error = thrownBy(() => requireAccessToken(connection, errors));
  expect(error).toBeInstanceOf(ConnectionNeedsRepair);
  expect(error).toMatchObject({
    state: 'NEEDS_REPAIR',
    url: 'https://acme.xkit.co/connectors/github',
    action: 'REPAIR',
    reason: 'AUTHORIZATION_ERROR',
    message: 'No usable access token (AUTHORIZATION_ERROR): a person must open https://acme.xkit.co/connectors/github',
  });
  expect(isRetryable(error)).toBe(false);
});

it('throws ConnectionUnavailable with the code and retry time that the gateway returned', async () => {
  gateway.sandbox.faults.add({ status: 429, headers: { 'retry-after': '60' } });
  const { connection, errors } = await askFor('alice', 'slack');
  const error = thrownBy(() => requireAccessToken(connection, errors));
  expect(error).toBeInstanceOf(ConnectionUnavailable);
  expect(error).toMatchObject({
    code: 'PLATFORM_RATE_LIMITED',
    retryable: true,
    retryAfterMs: 60_000,
    requestId: expect.any(String) as string,
  });
  expect(isRetryable(error)).toBe(true);
});

it('throws a FORBIDDEN error if the caller lacks the scope tokens:read', async () => {
  const variables = { userId: 'alice', connectorSlug: 'slack' };
  const { data, errors } = await sendAsStatusPage(UserConnectionDocument, variables);
  const error = thrownBy(() => requireAccessToken(data?.userConnection, errors));
  expect(error).toMatchObject({ name: 'ConnectionUnavailable', code: 'FORBIDDEN', retryable: false });
});

it('uses only the error whose path matches the connection', () => {
  const errors = [
    { message: 'no', path: ['connections', 0], extensions: { code: 'FORBIDDEN', retryable: false } },
    { message: 'late', path: ['connections', 1], extensions: { code: 'PLATFORM_TIMEOUT', retryable: true } },
  ];
  const codeAt = (index: number) => thrownBy(() => requireAccessToken(null, errors, ['connections', index]));
  expect(codeAt(1)).toMatchObject({ code: 'PLATFORM_TIMEOUT', retryable: true });
  expect(codeAt(2)).toMatchObject({ code: null });
  expect(thrownBy(() => requireAccessToken(null, null))).toMatchObject({ code: null });
});

it.each([
  ['the whole operation', undefined],
  ['the list', ['connections']],
])('uses an error of %s if the connection has none', (_name, path) => {
  const errors = [
    { message: 'no', path: ['connections', 0], extensions: { code: 'FORBIDDEN', retryable: false } },
    { message: 'wait', ...(path && { path }), extensions: { code: 'RATE_LIMITED', retryable: true, retryAfterMs: 9 } },
  ];
  const thrown = thrownBy(() => requireAccessToken(null, errors, ['connections', 1]));
  expect(thrown).toMatchObject({ code: 'RATE_LIMITED', retryable: true, retryAfterMs: 9 });
  const keys = [0, 1].map((index) => ({ ownerKind: 'USER' as const, ownerId: 'u', connectorSlug: `c${index}` }));
  expect(listConnections(keys, { data: null, errors })).toMatchObject([
    { key: keys[0], connection: null, error: { code: 'FORBIDDEN', retryable: false } },
    { key: keys[1], connection: null, error: { code: 'RATE_LIMITED', retryable: true } },
  ]);
});

it('lists connections in the order of their keys, each with its own error if it is missing', async () => {
  const keys = ['alice', 'bob', 'carol'].map((ownerId) => ({
    ownerKind: 'USER' as const,
    ownerId,
    connectorSlug: 'slack',
  }));
  gateway.sandbox.faults.add({ status: 503, headers: { 'retry-after': '7' }, ownerId: 'bob' });
  const states = listConnections(keys, await send(ConnectionStatesDocument, { keys }));
  expect(states.map(({ key }) => key)).toEqual(keys);
  expect(states.map(({ connection }) => connection?.state)).toEqual(['ACTIVE', undefined, 'ACTIVE']);
  expect(states.map(({ error }) => error)).toEqual([null, expect.any(ConnectionUnavailable), null]);
  expect(states[1]?.error).toMatchObject({ code: 'PLATFORM_UNAVAILABLE', retryable: true, retryAfterMs: 7_000 });
});

it('throws an error without a code if the response has neither a connection nor an error', () => {
  expect(thrownBy(() => requireAccessToken(null))).toMatchObject({
    name: 'ConnectionUnavailable',
    code: null,
    message: 'The response has neither a connection nor an error that explains why.',
  });
});

it('exports documents that read many connections, with or without their tokens', async () => {
  const keys = [
    { ownerKind: 'USER', ownerId: 'alice', connectorSlug: 'slack' },
    { ownerKind: 'USER', ownerId: 'dave', connectorSlug: 'slack' },
  ] as const;
  const { data } = await sendAsStatusPage(ConnectionStatesDocument, { keys: [...keys] });
  expect(data?.connections.map((connection) => connection?.state)).toEqual(['ACTIVE', 'NOT_ENABLED']);
  const { data: tokens } = await send(ConnectionsDocument, { keys: [...keys] });
  expect(tokens?.connections.map((connection) => connection?.authorization?.accessToken ?? null)).toEqual([
    'sandbox-alice-slack-1-token-1',
    null,
  ]);
});

it.each<[string, unknown, boolean]>([
  ['an error', { message: '', extensions: { retryable: true } }, true],
  ['a list of errors', [{ message: '', extensions: { retryable: true } }], true],
  [
    'a list with one permanent error',
    [{ extensions: { retryable: true } }, { extensions: { retryable: false } }],
    false,
  ],
  ['an error of graphql-request', { response: { errors: [{ extensions: { retryable: true } }] } }, true],
  ['an error of Apollo Client', { errors: [{ extensions: { retryable: true } }] }, true],
  ['an error of urql', { graphQLErrors: [{ extensions: { retryable: true } }], response: {} }, true],
  ['an error without extensions', { message: 'x' }, false],
  ['an error of another kind', new Error('x'), false],
  ['an empty list', [], false],
  ['a list of null', [null], false],
  ['a list of undefined errors', { errors: [undefined] }, false],
  ['undefined', undefined, false],
])('returns whether %s is retryable', (_, error, expected) => {
  expect(isRetryable(error)).toBe(expected);
});

it('converts its own errors and lists of errors, and no error to an empty list', () => {
  const errors = [{ message: 'late', extensions: { code: 'PLATFORM_TIMEOUT', retryable: true } }];
  expect(toAnswerErrors(errors)).toEqual(errors);
  expect(toAnswerErrors(new ConnectionUnavailable(errors[0]))).toEqual(errors);
  expect([toAnswerErrors(undefined), toAnswerErrors(null)]).toEqual([[], []]);
});

/** Creates a third party that accepts one token and records every token that it receives. */
function createThirdParty(accepted: string) {
  const presented: string[] = [];
  const call = async (accessToken: string) => {
    presented.push(accessToken);
    return new Response('body', { status: accessToken === accepted ? 200 : 401 });
  };
  return { presented, call };
}

it('retries with a newer token if the third party refuses the first one', async () => {
  const thirdParty = createThirdParty('sandbox-carol-slack-1-token-2');
  const response = await withFreshToken(async (fingerprint) => {
    if (fingerprint !== undefined) gateway.sandbox.store.expireTokens('carol', 'slack');
    return askFor('carol', 'slack', fingerprint);
  }, thirdParty.call);
  expect(response.status).toBe(200);
  expect(thirdParty.presented).toEqual(['sandbox-carol-slack-1-token-1', 'sandbox-carol-slack-1-token-2']);
});

it('retries even if the body of the refusal has been read', async () => {
  const thirdParty = createThirdParty('none');
  const read = async (accessToken: string) => {
    const response = await thirdParty.call(accessToken);
    await response.text();
    return response;
  };
  const tokens = ['one', 'two'];
  const load = async () => {
    const accessToken = tokens.shift() ?? '';
    const authorization = { accessToken, accessTokenFingerprint: accessToken };
    return { connection: { state: 'ACTIVE' as const, authorization, repairLink: null } };
  };
  expect((await withFreshToken(load, read)).status).toBe(401);
  expect(thirdParty.presented).toEqual(['one', 'two']);
});

it('throws ConnectionNeedsRepair if no newer token exists, and does not retry', async () => {
  const thirdParty = createThirdParty('none');
  const used = withFreshToken((fingerprint) => askFor('alice', 'slack', fingerprint), thirdParty.call);
  await expect(used).rejects.toMatchObject({ name: 'ConnectionNeedsRepair', reason: 'TOKEN_REJECTED' });
  expect(thirdParty.presented).toHaveLength(1);
});

it('recognizes a thrown 401, rethrows any other error, and accepts a custom isRejected', async () => {
  const statuses = [401, 401];
  const refuse = async () => Promise.reject(Object.assign(new Error('refused'), { status: statuses.shift() ?? 200 }));
  const connection = (token: string) => ({
    connection: {
      state: 'ACTIVE' as const,
      authorization: { accessToken: token, accessTokenFingerprint: token },
      repairLink: null,
    },
  });
  const tokens = ['one', 'two', 'three'];
  const load = async () => connection(tokens.shift() ?? '');
  // The second refusal is rethrown, and no third token is loaded.
  await expect(withFreshToken(load, refuse)).rejects.toThrow('refused');
  expect([statuses, tokens]).toEqual([[], ['three']]);
  await expect(withFreshToken(load, refuse)).rejects.toThrow('refused');
  const isRejected = (outcome: unknown) => outcome === 'no';
  const outcomes = ['no', 'yes'];
  const two = ['four', 'five'];
  const used = withFreshToken(
    async () => connection(two.shift() ?? ''),
    async () => outcomes.shift(),
    { isRejected },
  );
  expect(await used).toBe('yes');
});

it('throws if the operation does not select accessTokenFingerprint', async () => {
  const connection = { state: 'ACTIVE', authorization: { accessToken: 'x' }, repairLink: null } as const;
  await expect(
    withFreshToken(
      async () => ({ connection }),
      async () => 1,
    ),
  ).rejects.toThrow('withFreshToken needs accessTokenFingerprint: select it beside accessToken.');
});
