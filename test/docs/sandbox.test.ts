import { expect, it } from 'vitest';

import { startInProcess } from '../support/gateway.js';
import { GroupConnection, UserConnection } from '../support/operations.js';
import { readRows } from '../support/page.js';

it('lists the people of the sandbox with the real states of their connections', async () => {
  const gateway = await startInProcess();
  const outcome = (connection?: { state: string; repairLink: { reason: string } | null } | null) =>
    [connection?.state, connection?.repairLink?.reason].filter(Boolean).join(', ');
  const people = readRows('docs/sandbox.md', 'People');
  expect(people.length).toBeGreaterThan(18);
  for (const [owner = '', second = '', third = '', expected = ''] of people) {
    const isGroup = ['acme', 'broken-inc', 'newcomers'].includes(owner);
    const found = isGroup
      ? (await gateway.send(GroupConnection, { groupId: owner, connectorSlug: third })).data?.groupConnection
      : (await gateway.send(UserConnection, { userId: owner, connectorSlug: second })).data?.userConnection;
    expect([owner, second, outcome(found)]).toEqual([owner, second, expected.replace(', by carol', '')]);
  }
  await gateway.close();
});
