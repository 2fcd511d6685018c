import { expect, it } from 'vitest';

import { GroupConnection, WholeConnection } from '../../support/operations.js';
import { API, type Subject } from './subject.js';

const link = (slug: string, action: string, reason: string) => ({
  url: `https://acme.xkit.co/connectors/${slug}`,
  action,
  reason,
});

export function itReadsConnections({ gateway, ask, paths }: Subject) {
  it('returns the access token of an active connection and no repair link', async () => {
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
    expect(gateway().sandbox.requests.entries).toEqual([
      {
        time: expect.any(Number) as number,
        method: 'GET',
        path: `${API}/connections/alice/slack`,
        credentials: 'right',
        status: 200,
      },
    ]);
  });

  it.each([
    ['an owner who is not provisioned', 'nobody', 'slack', 'NOT_FOUND', 'NOT_FOUND', 'SET_UP', undefined],
    ['a connector that does not exist', 'alice', 'nonesuch', 'NOT_FOUND', 'NOT_FOUND', 'SET_UP', undefined],
    ['a user who never connected', 'alice', 'google-drive', 'NOT_ENABLED', 'NOT_ENABLED', 'SET_UP', undefined],
    ['a user who disconnected', 'alice', 'dropbox', 'NOT_ENABLED', 'NOT_ENABLED', 'SET_UP', 'ACTIVE'],
    [
      'a connection without an authorization',
      'alice',
      'jira',
      'NEEDS_REPAIR',
      'AUTHORIZATION_MISSING',
      'REPAIR',
      undefined,
    ],
    ['awaiting_callback', 'alice', 'salesforce', 'PENDING', 'AUTHORIZATION_PENDING', 'FINISH', 'AWAITING_CALLBACK'],
    ['retrieving_tokens', 'alice', 'hubspot', 'PENDING', 'AUTHORIZATION_PENDING', 'FINISH', 'RETRIEVING_TOKENS'],
    ['error', 'alice', 'github', 'NEEDS_REPAIR', 'AUTHORIZATION_ERROR', 'REPAIR', 'ERROR'],
    ['an unknown status', 'alice', 'notion', 'NEEDS_REPAIR', 'UNKNOWN_STATUS', 'REPAIR', 'UNKNOWN'],
    ['active without a token', 'alice', 'zendesk', 'NEEDS_REPAIR', 'TOKEN_MISSING', 'REPAIR', 'ACTIVE'],
  ])('returns a repair link and no token for %s', async (_, user, slug, state, reason, action, status) => {
    const { connection, errors } = await ask(user, slug);
    expect(errors).toEqual([]);
    expect(connection).toMatchObject({ state, repairLink: link(slug, action, reason) });
    expect(connection?.authorization?.status).toBe(status);
    expect(connection?.authorization?.accessToken ?? null).toBeNull();
    expect(connection?.authorization?.accessTokenFingerprint ?? null).toBeNull();
    expect(paths()).toEqual([`${API}/connections/${user}/${slug}`]);
  });

  it('does not return a token that the caller reported as rejected, but returns a newer one', async () => {
    const user = 'rejecting-user';
    gateway().sandbox.store.setConnections(user, 'slack', [{ enabled: true, status: 'active' }]);
    const first = (await ask(user, 'slack')).connection?.authorization;
    const fingerprint = first?.accessTokenFingerprint ?? '';

    const again = (await ask(user, 'slack', fingerprint.toUpperCase())).connection;
    expect(again).toMatchObject({ state: 'NEEDS_REPAIR', repairLink: link('slack', 'REPAIR', 'TOKEN_REJECTED') });
    expect(again?.authorization?.accessToken).toBeNull();

    gateway().sandbox.store.expireTokens(user, 'slack');
    const refreshed = (await ask(user, 'slack', fingerprint)).connection;
    expect(refreshed?.state).toBe('ACTIVE');
    expect(refreshed?.authorization?.accessToken).not.toBe(first?.accessToken);
  });

  it('sends a platform request for every operation, because the platform refreshes tokens when they are read', async () => {
    const user = 'expiring-user';
    gateway().sandbox.store.setConnections(user, 'slack', [{ enabled: true, status: 'active' }]);
    const tokens = [];
    for (let round = 0; round < 3; round += 1) {
      tokens.push((await ask(user, 'slack')).connection?.authorization?.accessToken);
      gateway().sandbox.store.expireTokens(user, 'slack');
    }
    expect(tokens).toEqual([1, 2, 3].map((number) => `sandbox-${user}-slack-1-token-${number}`));
  });

  it('returns the error code of a failed refresh', async () => {
    const { connection } = await ask('erin', 'github');
    expect(connection).toMatchObject({
      state: 'NEEDS_REPAIR',
      authorization: { status: 'ERROR', errorCode: 'invalid_grant', accessToken: null },
    });
  });

  it('returns the healthiest of several connections, and the healthiest member of a group', async () => {
    expect((await ask('frank', 'slack')).connection?.authorization?.accessToken).toBe('sandbox-frank-slack-2-token-1');
    const group = async (groupId: string) =>
      (await gateway().send(GroupConnection, { groupId, connectorSlug: 'slack' })).data?.groupConnection;
    expect((await group('acme'))?.authorization?.accessToken).toBe('sandbox-carol-slack-1-token-1');
    expect(await group('broken-inc')).toMatchObject({ state: 'NEEDS_REPAIR' });
    expect(await group('newcomers')).toMatchObject({ state: 'NOT_ENABLED' });
    expect(await group('no-such-group')).toMatchObject({ state: 'NOT_FOUND' });
    expect(paths()).toContain(`${API}/groups/acme/connections/slack`);
  });

  it('links to the connector in the spelling that the platform returned', async () => {
    gateway().sandbox.faults.add({
      body: JSON.stringify({ connection: { enabled: false }, connector: { slug: 'Slack' } }),
    });
    const { connection } = await ask('alice', 'slack');
    expect(connection?.repairLink).toEqual(link('Slack', 'SET_UP', 'NOT_ENABLED'));
  });

  it('sends an id with special characters as one path segment', async () => {
    const { connection } = await ask('auth0|grace/ops@example.com', 'slack');
    expect(connection?.state).toBe('ACTIVE');
    expect(paths()).toEqual([`${API}/connections/auth0%7Cgrace%2Fops%40example.com/slack`]);
  });

  it('returns every field of a connection', async () => {
    const { data } = await gateway().send(WholeConnection, { userId: 'alice', connectorSlug: 'github' });
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
        description: 'Connect GitHub to see what a connection looks like.',
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
}
