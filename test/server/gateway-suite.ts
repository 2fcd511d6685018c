import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Fault } from '../../src/sandbox/index.js';
import type { StartGateway, TestGateway } from '../support/gateway.js';
import {
  Connections,
  FindState,
  GroupConnection,
  KeyOnly,
  UserConnection,
  WholeConnection,
} from '../support/operations.js';

const link = (slug: string, action: string, reason: string) => ({
  url: `https://acme.xkit.co/connectors/${slug}`,
  action,
  reason,
});
const API = '/api/platform';

/** What a gateway does for its callers, whichever way it is reached. */
export function describeGateway(name: string, start: StartGateway) {
  describe(name, () => {
    let gateway: TestGateway;
    beforeAll(async () => {
      gateway = await start();
    });
    afterAll(() => gateway.close());
    beforeEach(() => {
      gateway.sandbox.faults.clear();
      gateway.sandbox.requests.clear();
    });

    const paths = () => gateway.sandbox.requests.entries.map(({ path }) => path);
    const ask = async (userId: string, connectorSlug: string, rejectedTokenFingerprint?: string) => {
      const variables = { userId, connectorSlug, rejectedTokenFingerprint: rejectedTokenFingerprint ?? null };
      const { data, errors, ...answer } = await gateway.send(UserConnection, variables);
      return { connection: data?.userConnection, errors, error: errors[0], ...answer };
    };

    it('gives the access token of an active connection and no repair link', async () => {
      const { connection, errors } = await ask('alice', 'slack');
      expect(errors).toEqual([]);
      expect(connection).toEqual({
        state: 'ACTIVE',
        authorization: {
          status: 'ACTIVE',
          platformStatus: 'active',
          accessToken: 'sandbox-alice-slack-1-token-1',
          accessTokenFingerprint: '4143b7293efee8cd',
          errorCode: null,
        },
        repairLink: null,
      });
      expect(gateway.sandbox.requests.entries).toEqual([
        {
          method: 'GET',
          path: `${API}/connections/alice/slack`,
          publishableKey: 'pk_sandbox',
          authorized: true,
          status: 200,
        },
      ]);
    });

    it.each([
      ['an owner who is not provisioned', 'nobody', 'slack', 'NOT_FOUND', 'NOT_FOUND', 'SET_UP', undefined],
      ['a connector that does not exist', 'alice', 'nonesuch', 'NOT_FOUND', 'NOT_FOUND', 'SET_UP', undefined],
      ['a user who never connected', 'alice', 'google-drive', 'NOT_ENABLED', 'NOT_ENABLED', 'SET_UP', undefined],
      ['a user who disconnected', 'alice', 'dropbox', 'NOT_ENABLED', 'NOT_ENABLED', 'SET_UP', 'ACTIVE'],
      ['no authorization', 'alice', 'jira', 'NEEDS_REPAIR', 'AUTHORIZATION_MISSING', 'REPAIR', undefined],
      ['awaiting_callback', 'alice', 'salesforce', 'PENDING', 'AUTHORIZATION_PENDING', 'FINISH', 'AWAITING_CALLBACK'],
      ['retrieving_tokens', 'alice', 'hubspot', 'PENDING', 'AUTHORIZATION_PENDING', 'FINISH', 'RETRIEVING_TOKENS'],
      ['error', 'alice', 'github', 'NEEDS_REPAIR', 'AUTHORIZATION_ERROR', 'REPAIR', 'ERROR'],
      ['an unknown status', 'alice', 'notion', 'NEEDS_REPAIR', 'UNKNOWN_STATUS', 'REPAIR', 'UNKNOWN'],
      ['active without a token', 'alice', 'zendesk', 'NEEDS_REPAIR', 'TOKEN_MISSING', 'REPAIR', 'ACTIVE'],
    ])('gives a repair link and no token for %s', async (_, user, slug, state, reason, action, status) => {
      const { connection, errors } = await ask(user, slug);
      expect(errors).toEqual([]);
      expect(connection).toMatchObject({ state, repairLink: link(slug, action, reason) });
      expect(connection?.authorization?.status).toBe(status);
      expect(connection?.authorization?.accessToken ?? null).toBeNull();
      expect(connection?.authorization?.accessTokenFingerprint ?? null).toBeNull();
      expect(paths()).toEqual([`${API}/connections/${user}/${slug}`]);
    });

    it('does not give a token again that the caller reported as rejected, and gives a newer one', async () => {
      const user = 'rejecting-user';
      gateway.sandbox.store.setConnections(user, 'slack', [{ enabled: true, status: 'active' }]);
      const first = (await ask(user, 'slack')).connection?.authorization;
      const fingerprint = first?.accessTokenFingerprint ?? '';

      const again = (await ask(user, 'slack', fingerprint.toUpperCase())).connection;
      expect(again).toMatchObject({ state: 'NEEDS_REPAIR', repairLink: link('slack', 'REPAIR', 'TOKEN_REJECTED') });
      expect(again?.authorization?.accessToken).toBeNull();

      gateway.sandbox.store.expireTokens(user, 'slack');
      const refreshed = (await ask(user, 'slack', fingerprint)).connection;
      expect(refreshed?.state).toBe('ACTIVE');
      expect(refreshed?.authorization?.accessToken).not.toBe(first?.accessToken);
    });

    it('asks the platform anew for every request, since refreshing happens inside the read', async () => {
      const user = 'expiring-user';
      gateway.sandbox.store.setConnections(user, 'slack', [{ enabled: true, status: 'active' }]);
      const tokens = [];
      for (let round = 0; round < 3; round += 1) {
        tokens.push((await ask(user, 'slack')).connection?.authorization?.accessToken);
        gateway.sandbox.store.expireTokens(user, 'slack');
      }
      expect(tokens).toEqual([1, 2, 3].map((number) => `sandbox-${user}-slack-1-token-${number}`));
    });

    it('shows the error that a failed refresh ends in', async () => {
      const { connection } = await ask('erin', 'github');
      expect(connection).toMatchObject({
        state: 'NEEDS_REPAIR',
        authorization: { status: 'ERROR', errorCode: 'invalid_grant', accessToken: null },
      });
    });

    it('takes the healthiest of several connections, and of a group the healthiest member', async () => {
      expect((await ask('frank', 'slack')).connection?.authorization?.accessToken).toBe(
        'sandbox-frank-slack-2-token-1',
      );
      const group = async (groupId: string) =>
        (await gateway.send(GroupConnection, { groupId, connectorSlug: 'slack' })).data?.groupConnection;
      expect((await group('acme'))?.authorization?.accessToken).toBe('sandbox-carol-slack-1-token-1');
      expect(await group('broken-inc')).toMatchObject({ state: 'NEEDS_REPAIR' });
      expect(await group('newcomers')).toMatchObject({ state: 'NOT_ENABLED' });
      expect(await group('no-such-group')).toMatchObject({ state: 'NOT_FOUND' });
      expect(paths()).toContain(`${API}/groups/acme/connections/slack`);
    });

    it('links to the connector that the platform returned, in its spelling', async () => {
      gateway.sandbox.faults.add({
        body: JSON.stringify({ connection: { enabled: false }, connector: { slug: 'Slack' } }),
      });
      const { connection } = await ask('alice', 'slack');
      expect(connection?.repairLink).toEqual(link('Slack', 'SET_UP', 'NOT_ENABLED'));
    });

    it('reads ids with any characters as one path segment', async () => {
      const { connection } = await ask('auth0|grace/ops@example.com', 'slack');
      expect(connection?.state).toBe('ACTIVE');
      expect(paths()).toEqual([`${API}/connections/auth0%7Cgrace%2Fops%40example.com/slack`]);
    });

    it('shows every field of a connection', async () => {
      const { data } = await gateway.send(WholeConnection, { userId: 'alice', connectorSlug: 'github' });
      expect(data?.userConnection).toEqual({
        id: 'VVNFUjphbGljZTpnaXRodWI',
        ownerKind: 'USER',
        ownerId: 'alice',
        connectorSlug: 'github',
        platformId: 'sandbox-alice-github-1',
        enabled: true,
        state: 'NEEDS_REPAIR',
        connector: {
          slug: 'github',
          name: 'GitHub',
          shortDescription: 'Code hosting',
          markUrl: 'https://assets.example.com/github.png',
          about: '**GitHub** in the sandbox: an app that does not exist.',
          description: 'Connect GitHub to try what a connection looks like.',
        },
        authorization: {
          id: '2',
          status: 'ERROR',
          platformStatus: 'error',
          displayLabel: 'Acme',
          errorCode: 'invalid_grant',
          errorMessage: 'Token has been revoked',
          accessToken: null,
          accessTokenFingerprint: null,
        },
        repairLink: link('github', 'REPAIR', 'AUTHORIZATION_ERROR'),
      });
    });

    it.each<[string, string, boolean, Fault]>([
      ['PLATFORM_UNAVAILABLE', 'a 500', true, { status: 500 }],
      ['PLATFORM_UNAVAILABLE', 'a 503 with a token in its body', true, { status: 503, body: activeBody('canary-503') }],
      ['PLATFORM_UNAVAILABLE', 'a 408', true, { status: 408 }],
      ['PLATFORM_UNAVAILABLE', 'a connection that breaks', true, { disconnect: 'before-response' }],
      ['PLATFORM_UNAVAILABLE', 'a body that breaks off', true, { disconnect: 'mid-body' }],
      ['PLATFORM_TIMEOUT', 'no answer', true, { delayMs: Infinity }],
      ['PLATFORM_RATE_LIMITED', 'a 429', true, { status: 429 }],
      ['PLATFORM_AUTH_FAILED', 'a 401', false, { status: 401, body: activeBody('canary-401') }],
      ['PLATFORM_AUTH_FAILED', 'a 403', false, { status: 403 }],
      [
        'PLATFORM_BAD_RESPONSE',
        'a redirect',
        false,
        { status: 302, headers: { location: '/api/platform/connections/carol/slack' } },
      ],
      ['PLATFORM_BAD_RESPONSE', 'a 400', false, { status: 400 }],
      ['PLATFORM_BAD_RESPONSE', 'a 201 with a token', false, { status: 201, body: activeBody('canary-201') }],
      ['PLATFORM_BAD_RESPONSE', 'a 204', false, { status: 204, body: () => null }],
      ['PLATFORM_BAD_RESPONSE', 'a body that is not JSON', false, { body: '<html>canary</html>' }],
      ['PLATFORM_BAD_RESPONSE', 'another connector', false, { body: activeBody('canary-other', 'github') }],
    ])('answers %s, and neither token nor link, to %s', async (code, _, retryable, fault) => {
      gateway.sandbox.faults.add(fault);
      const { connection, errors, error, body } = await ask('alice', 'slack');
      expect(connection).toBeNull();
      expect(errors).toHaveLength(1);
      expect(error?.path).toEqual(['userConnection']);
      expect(error?.extensions).toEqual({ code, retryable, requestId: expect.stringMatching(/^[\w-]{36}$/) as string });
      expect(body).not.toMatch(/canary|sandbox|html|127\.0\.0\.1|pk_|sk_|Basic/);
      expect(paths()).toHaveLength(1);
    });

    it('says how long to wait where the platform says it', async () => {
      gateway.sandbox.faults.add({ status: 429, headers: { 'retry-after': '7' } });
      expect((await ask('alice', 'slack')).error?.extensions).toMatchObject({
        code: 'PLATFORM_RATE_LIMITED',
        retryAfterMs: 7_000,
      });
    });

    it.each([
      ['an empty id', '', 'slack', 'The user id must not be empty.'],
      ['an id of dots', '..', 'slack', 'The user id must not consist of dots only.'],
      ['a control character', 'al\nice', 'slack', 'The user id must not contain control characters.'],
      ['an id that is too long', 'x'.repeat(257), 'slack', 'The user id must be at most 256 characters long.'],
      ['a slug that is too long', 'alice', 'x'.repeat(65), 'The connector slug must be at most 64 characters long.'],
    ])('refuses %s without asking the platform', async (_, user, slug, message) => {
      const { connection, error } = await ask(user, slug);
      expect(connection).toBeNull();
      expect(error).toMatchObject({ message, extensions: { code: 'BAD_USER_INPUT', retryable: false } });
      expect(paths()).toEqual([]);
    });

    it('refuses a rejected token sent in place of its fingerprint, and does not repeat it', async () => {
      const { error, body } = await ask('alice', 'slack', 'xoxb-canary-token');
      expect(error?.extensions['code']).toBe('BAD_USER_INPUT');
      expect(body).not.toContain('canary');
      expect(paths()).toEqual([]);
    });

    it('asks nothing of the platform for what the arguments say already', async () => {
      const { data } = await gateway.send(KeyOnly, { userId: 'alice', connectorSlug: 'slack' });
      expect(data?.userConnection).toEqual({
        __typename: 'Connection',
        id: 'VVNFUjphbGljZTpzbGFjaw',
        ownerKind: 'USER',
        ownerId: 'alice',
        connectorSlug: 'slack',
      });
      expect(paths()).toEqual([]);
      const { data: more } = await gateway.send(KeyOnly, { userId: 'alice', connectorSlug: 'slack', more: true });
      expect(more?.userConnection).toMatchObject({ state: 'ACTIVE' });
      expect(paths()).toHaveLength(1);
    });

    it('shares one lookup among aliases, fragments and list items of a request, and keeps owner kinds apart', async () => {
      gateway.sandbox.store.provisionUser('same-id');
      gateway.sandbox.store.provisionUser('member', 'same-id');
      gateway.sandbox.store.setConnections('member', 'slack', [{ enabled: true, status: 'active' }]);
      const { data, errors } = await gateway.send(FindState, { userId: 'same-id', groupId: 'same-id' });
      expect(errors).toEqual([]);
      const member = { authorization: { accessToken: 'sandbox-member-slack-1-token-1' } };
      const none = { authorization: null };
      expect(data).toEqual({ mine: none, again: { state: 'NOT_ENABLED' }, ours: member, listed: [none, member, none] });
      expect(paths().toSorted()).toEqual([
        `${API}/connections/same-id/slack`,
        `${API}/groups/same-id/connections/slack`,
      ]);
    });

    it('answers 100 aliases over 10 distinct connections with 10 requests, and the next operation with 10 more', async () => {
      const aliases = Array.from(
        { length: 100 },
        (_, index) => `a${index}: userConnection(userId: "user-${index % 10}", connectorSlug: "slack") { state }`,
      );
      const operation = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: `{ ${aliases.join(' ')} }` }),
      };
      const answer = (await (await gateway.fetch('/graphql', operation)).json()) as { data: Record<string, object> };
      expect(Object.values(answer.data)).toEqual(Array.from({ length: 100 }, () => ({ state: 'NOT_FOUND' })));
      expect(new Set(paths()).size).toBe(10);
      expect(paths()).toHaveLength(10);
      await gateway.fetch('/graphql', operation);
      expect(paths()).toHaveLength(20);
    });

    it('answers a list in the order of its keys, with an error in the place of each item that failed', async () => {
      gateway.sandbox.faults.add({ ownerId: 'bob', status: 500, times: 2 });
      const keys = ['carol', 'bob', '', 'alice', 'carol', 'bob'].map((ownerId) => ({
        ownerKind: 'USER' as const,
        ownerId,
        connectorSlug: 'slack',
      }));
      const { data, errors } = await gateway.send(Connections, { keys });
      expect(data?.connections.map((item) => item?.ownerId ?? null)).toEqual([
        'carol',
        null,
        null,
        'alice',
        'carol',
        null,
      ]);
      expect(errors.map(({ path, extensions }) => [path?.join('.'), extensions['code']]).toSorted()).toEqual([
        ['connections.1', 'PLATFORM_UNAVAILABLE'],
        ['connections.2', 'BAD_USER_INPUT'],
        ['connections.5', 'PLATFORM_UNAVAILABLE'],
      ]);
      expect(paths()).toHaveLength(3);
    });

    it('answers the first 100 distinct connections of an operation and refuses the others', async () => {
      const keys = Array.from({ length: 103 }, (_, index) => ({
        ownerKind: 'USER' as const,
        ownerId: `user-${index}`,
        connectorSlug: 'slack',
      }));
      const { data, errors } = await gateway.send(Connections, { keys });
      expect(data?.connections.filter(Boolean)).toHaveLength(100);
      expect(errors.map(({ extensions }) => extensions['code'])).toEqual(
        Array.from({ length: 3 }, () => 'LIMIT_EXCEEDED'),
      );
      expect(errors[0]?.message).toBe('One operation may ask for at most 100 distinct connections.');
      expect(paths()).toHaveLength(100);
    });

    it('forbids caches to keep an answer and names the request in answer, error and header', async () => {
      gateway.sandbox.faults.add({ status: 500 });
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
    ])('executes nothing for a %s of %s', async (method, contentType, status) => {
      const query = '{ userConnection(userId: "alice", connectorSlug: "slack") { authorization { accessToken } } }';
      const response = await gateway.fetch(`/graphql?query=${encodeURIComponent(query)}`, {
        method,
        ...(contentType && { headers: { 'content-type': contentType } }),
        ...(method !== 'GET' && { body: JSON.stringify({ query }) }),
      });
      expect(response.status).toBe(status);
      expect(await response.text()).not.toContain('sandbox-');
      expect(paths()).toEqual([]);
    });

    it('allows no other origin to read its answers', async () => {
      const response = await gateway.fetch('/graphql', {
        method: 'OPTIONS',
        headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
      });
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    });

    it('says that it is alive', async () => {
      expect((await gateway.fetch('/health')).status).toBe(200);
    });
  });
}

function activeBody(token: string, slug = 'slack'): string {
  return JSON.stringify({
    connection: { id: 'c', enabled: true },
    connector: { slug },
    authorization: { status: 'active', access_token: token },
  });
}
