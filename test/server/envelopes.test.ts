import { describe, expect, it } from 'vitest';

import { startInProcess } from '../support/gateway.js';
import { GroupConnection, UserConnection } from '../support/operations.js';

const variants = [
  { generation: 'connections', envelope: 'nested' },
  { generation: 'users', envelope: 'siblings' },
  { generation: 'contexts', envelope: 'siblings' },
  { generation: 'contexts', envelope: 'nested', tokenField: 'access_credential' },
] as const;

describe.each(variants)('a platform of generation $generation with the envelope $envelope', (sandbox) => {
  it('provides tokens and repair links through GraphQL', async () => {
    const gateway = await startInProcess({ sandbox, platform: { generation: sandbox.generation } });
    const user = async (connectorSlug: string) =>
      (await gateway.send(UserConnection, { userId: 'alice', connectorSlug })).data?.userConnection;
    expect((await user('slack'))?.authorization?.accessToken).toBe('sandbox-alice-slack-1-token-1');
    expect(await user('github')).toMatchObject({
      state: 'NEEDS_REPAIR',
      authorization: { errorCode: 'invalid_grant' },
    });
    expect(await user('dropbox')).toMatchObject({ state: 'NOT_ENABLED', authorization: { accessToken: null } });
    expect(await user('jira')).toMatchObject({ state: 'NEEDS_REPAIR', authorization: null });
    const { data } = await gateway.send(GroupConnection, { groupId: 'acme', connectorSlug: 'slack' });
    expect(data?.groupConnection?.authorization?.accessToken).toBe('sandbox-carol-slack-1-token-1');
    await gateway.close();
  });
});
