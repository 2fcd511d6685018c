import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import {
  createSandbox,
  type ListeningSandbox,
  SANDBOX_CREDENTIALS,
  type SandboxConnection,
} from '../../src/sandbox/index.js';

const sandbox = createSandbox();
let listening: ListeningSandbox;
beforeAll(async () => {
  listening = await sandbox.listen();
});
afterAll(() => listening.close());
beforeEach(() => {
  sandbox.faults.clear();
  sandbox.requests.clear();
});

const basic = (publishableKey: string, secretKey: string) => `Basic ${btoa(`${publishableKey}:${secretKey}`)}`;
const authorization = basic(SANDBOX_CREDENTIALS.publishableKey, SANDBOX_CREDENTIALS.secretKey);
const get = async (path: string, headers: Record<string, string> = { authorization }) => {
  const response = await fetch(listening.apiUrl + path, { headers, redirect: 'manual' });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
};

it('responds as the documentation of the Platform API shows', async () => {
  const { status, body } = await get('/connections/alice/slack');
  expect(status).toBe(200);
  expect(body).toEqual({
    connection: { id: 'sandbox-alice-slack-1', enabled: true },
    connector: {
      slug: 'slack',
      name: 'Slack',
      short_description: 'Team messaging',
      mark_url: 'https://assets.example.com/slack.png',
      about: '**Slack** in the sandbox: an app that does not exist.',
      description: 'Connect Slack to see what a connection looks like.',
      supports_multiple_connections: true,
    },
    authorization: {
      id: 1,
      status: 'active',
      display_label: 'Acme Workspace',
      access_token: 'sandbox-alice-slack-1-token-1',
      error_code: null,
      error_message: null,
      authorizer: { client_id: 'sandbox', prototype: { name: 'Slack', slug: 'slack' } },
    },
  });
});

it('keeps an old token in the body of a connection that is no longer enabled, as a real platform may', async () => {
  const { body } = await get('/connections/alice/dropbox');
  expect(body).toMatchObject({
    connection: { enabled: false },
    authorization: { access_token: expect.any(String) as string },
  });
});

it.each([
  [{}],
  [{ authorization: 'Basic' }],
  [{ authorization: 'Basic !!!' }],
  [{ authorization: `Bearer ${btoa('pk_sandbox:sk_sandbox')}` }],
  [{ authorization: basic('pk_sandbox', 'wrong') }],
  [{ authorization: basic('wrong', 'sk_sandbox') }],
  [{ authorization: `Basic ${btoa('pk_sandbox')}` }],
])('refuses missing or wrong Basic credentials: %o', async (headers: { authorization?: string }) => {
  const { status, body, headers: answered } = await get('/connections/alice/slack', headers);
  expect([status, body]).toEqual([401, { error: 'Unauthorized' }]);
  expect(answered.get('www-authenticate')).toBe('Basic realm="Xkit"');
  expect(sandbox.requests.entries.map(({ credentials, status: logged }) => [credentials, logged])).toEqual([
    [headers.authorization === undefined ? 'none' : 'wrong', 401],
  ]);
});

it.each([
  '/connections/nobody/slack',
  '/connections/alice/nonesuch',
  '/users/alice/connections/slack',
  '/nonesuch',
  '/connections/alice',
])('responds with 404 at %s', async (path) => {
  expect(await get(path)).toMatchObject({ status: 404, body: { error: 'Not found' } });
});

it('provisions users and groups', async () => {
  const post = (user: unknown) =>
    fetch(`${listening.apiUrl}/users`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ user }),
    });
  expect((await get('/connections/new-user/slack')).status).toBe(404);
  expect((await post({ external_id: 'new-user', external_group_id: 'new-group' })).status).toBe(201);
  expect((await post({ external_id: 'new-user' })).status).toBe(200);
  expect((await post({})).status).toBe(422);
  expect((await get('/connections/new-user/slack')).body).toMatchObject({
    connection: { id: null, enabled: false },
    authorization: null,
  });
  expect((await get('/groups/new-group/connections/slack')).body).toMatchObject({ connection: { enabled: false } });
});

it('refreshes an expired token once, during the read', async () => {
  const token = async () =>
    ((await get('/connections/erin/slack')).body['authorization'] as { access_token: string }).access_token;
  expect([await token(), await token()]).toEqual(['sandbox-erin-slack-1-token-2', 'sandbox-erin-slack-1-token-2']);
  sandbox.store.expireTokens('erin', 'slack');
  expect(await token()).toBe('sandbox-erin-slack-1-token-3');
});

it('returns the status error if the refresh fails', async () => {
  expect((await get('/connections/erin/github')).body).toMatchObject({
    authorization: { status: 'error', access_token: null, error_code: 'invalid_grant' },
  });
});

it('finds any id that is percent-encoded as one path segment', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), async (userId) => {
      fc.pre(!/^\.+$/.test(userId) && userId.isWellFormed());
      sandbox.store.provisionUser(userId);
      expect((await get(`/connections/${encodeURIComponent(userId)}/slack`)).status).toBe(200);
    }),
    { numRuns: 200 },
  );
});

it('returns the same ids and tokens in every run', () => {
  const read = () => createSandbox().store.readUser('alice', 'github');
  expect(read()).toEqual(read());
});

it('applies a fault once, several times or until it is cleared, and only to matching requests', async () => {
  const statuses = async (...paths: string[]) => {
    const found = [];
    for (const path of paths) found.push((await fetch(listening.apiUrl + path, { headers: { authorization } })).status);
    return found;
  };
  const [alice, carol] = ['/connections/alice/slack', '/connections/carol/slack'];
  sandbox.faults.add({ status: 503 });
  expect(await statuses(alice, alice)).toEqual([503, 200]);
  sandbox.faults.add({ status: 503, times: 2, ownerId: 'carol' });
  expect(await statuses(alice, carol, carol, carol)).toEqual([200, 503, 503, 200]);
  sandbox.faults.add({ status: 500, times: Infinity, connectorSlug: 'slack' });
  expect(await statuses(alice, '/connections/alice/github', alice)).toEqual([500, 200, 500]);
  sandbox.faults.clear();
  expect(await statuses(alice)).toEqual([200]);
});

it('breaks connections, both in process and over a socket', async () => {
  for (const send of [fetch, sandbox.fetch]) {
    const url = `${send === fetch ? listening.apiUrl : sandbox.apiUrl}/connections/alice/slack`;
    sandbox.faults.add({ disconnect: 'before-response' });
    await expect(send(url, { headers: { authorization } })).rejects.toThrow('fetch failed');
    sandbox.faults.add({ disconnect: 'mid-body' });
    const response = await send(url, { headers: { authorization } });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  }
});

it('resets users, groups and connections to the seed', async () => {
  const own = createSandbox();
  const { store } = own;
  const read = () => [
    store.userIds(),
    store.groups(),
    store.connectors().map(({ slug }) => [store.peekUser('alice', slug), store.peekGroup('acme', slug)]),
  ];
  const before = JSON.stringify(read());
  store.provisionUser('zoe', 'acme');
  store.connect('alice', 'github');
  store.disconnect('carol', 'slack');
  store.revoke('alice', 'slack');
  store.expireTokens('erin', 'slack');
  expect(JSON.stringify(read())).not.toBe(before);
  store.reset();
  expect(JSON.stringify(read())).toBe(before);
});

it('peeks at a connection without refreshing its token', () => {
  const { store } = createSandbox();
  const tokenOf = (found: SandboxConnection | null) => found?.authorization?.access_token;
  expect([store.peekUser('erin', 'slack')?.expired, store.peekUser('erin', 'slack')?.expired]).toEqual([true, true]);
  expect(tokenOf(store.peekUser('erin', 'slack'))).toBe('sandbox-erin-slack-1-token-1');
  expect(tokenOf(store.readUser('erin', 'slack'))).toBe('sandbox-erin-slack-1-token-2');
  expect(store.peekUser('erin', 'slack')?.expired).toBe(false);
});
