import { expect, it } from 'vitest';

import { Connections, SharedLookups, KeyOnly } from '../../support/operations.js';
import { postJson } from '../../support/post-json.js';
import { API, type Subject } from './subject.js';

export function itBatches({ gateway, paths }: Subject) {
  it('sends no platform request when the arguments already contain all selected fields', async () => {
    const { data } = await gateway().send(KeyOnly, { userId: 'alice', connectorSlug: 'slack' });
    expect(data?.userConnection).toEqual({
      __typename: 'Connection',
      id: 'VVNFUjphbGljZTpzbGFjaw',
      ownerKind: 'USER',
      ownerId: 'alice',
      connectorSlug: 'slack',
    });
    expect(paths()).toEqual([]);
    const { data: more } = await gateway().send(KeyOnly, { userId: 'alice', connectorSlug: 'slack', more: true });
    expect(more?.userConnection).toMatchObject({ state: 'ACTIVE' });
    expect(paths()).toHaveLength(1);
  });

  it('shares one lookup among aliases, fragments and list items, but not between a user and a group with the same id', async () => {
    gateway().sandbox.store.provisionUser('same-id');
    gateway().sandbox.store.provisionUser('member', 'same-id');
    gateway().sandbox.store.setConnections('member', 'slack', [{ enabled: true, status: 'active' }]);
    const { data, errors } = await gateway().send(SharedLookups, { userId: 'same-id', groupId: 'same-id' });
    expect(errors).toEqual([]);
    const member = { authorization: { accessToken: 'sandbox-member-slack-1-token-1' } };
    const none = { authorization: null };
    expect(data).toEqual({ mine: none, again: { state: 'NOT_ENABLED' }, ours: member, listed: [none, member, none] });
    expect(paths().toSorted()).toEqual([`${API}/connections/same-id/slack`, `${API}/groups/same-id/connections/slack`]);
  });

  it('sends 10 platform requests for 100 aliases of 10 connections, and 10 more for the next operation', async () => {
    const aliases = Array.from(
      { length: 100 },
      (_, index) => `a${index}: userConnection(userId: "user-${index % 10}", connectorSlug: "slack") { state }`,
    );
    const operation = postJson({ query: `{ ${aliases.join(' ')} }` });
    const answer = (await (await gateway().fetch('/graphql', operation)).json()) as { data: Record<string, object> };
    expect(Object.values(answer.data)).toEqual(Array.from({ length: 100 }, () => ({ state: 'NOT_FOUND' })));
    expect(new Set(paths()).size).toBe(10);
    expect(paths()).toHaveLength(10);
    await gateway().fetch('/graphql', operation);
    expect(paths()).toHaveLength(20);
  });

  it('returns a list in the order of its keys, with null and an error for each failed item', async () => {
    gateway().sandbox.faults.add({ ownerId: 'bob', status: 500, times: 2 });
    const keys = ['carol', 'bob', '', 'alice', 'carol', 'bob'].map((ownerId) => ({
      ownerKind: 'USER' as const,
      ownerId,
      connectorSlug: 'slack',
    }));
    const { data, errors } = await gateway().send(Connections, { keys });
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

  it('returns the first 100 distinct connections of an operation and refuses the others', async () => {
    const keys = Array.from({ length: 103 }, (_, index) => ({
      ownerKind: 'USER' as const,
      ownerId: `user-${index}`,
      connectorSlug: 'slack',
    }));
    const { data, errors } = await gateway().send(Connections, { keys });
    expect(data?.connections.filter(Boolean)).toHaveLength(100);
    expect(errors.map(({ extensions }) => extensions['code'])).toEqual(
      Array.from({ length: 3 }, () => 'LIMIT_EXCEEDED'),
    );
    expect(errors[0]?.message).toBe('One operation may request at most 100 distinct connections.');
    expect(paths()).toHaveLength(100);
  });

  it('refuses a list of more than 1,000 keys, duplicates included', async () => {
    const key = { ownerKind: 'USER' as const, ownerId: 'alice', connectorSlug: 'slack' };
    const { data, errors } = await gateway().send(Connections, { keys: Array.from({ length: 1_001 }, () => key) });
    expect(data).toBeNull();
    expect(errors.map(({ message, extensions }) => [message, extensions['code']])).toEqual([
      ['One operation may request at most 1000 connections, including duplicates.', 'LIMIT_EXCEEDED'],
    ]);
    expect(paths()).toEqual([]);
  });
}
