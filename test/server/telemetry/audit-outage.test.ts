import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

import { startProcess, type TestGateway } from '../../support/gateway.js';
import { UserConnection } from '../../support/operations.js';
import { until } from '../../support/until.js';

const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-audit-'));
afterAll(() => rmSync(folder, { recursive: true }));

const alice = { userId: 'alice', connectorSlug: 'slack' };

const readiness = async (gateway: TestGateway) => {
  const response = await gateway.fetchAnonymously('/ready');
  return [response.status, await response.json()];
};

it('reports on standard error that the reader of standard output is gone, and is not ready', async () => {
  const gateway = await startProcess({ LOG_LEVEL: 'silent' });
  expect(await readiness(gateway)).toEqual([200, { status: 'ready', platform: 'up' }]);
  gateway.closeOutput?.('stdout');
  const { errors } = await gateway.send(UserConnection, alice);
  expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['AUDIT_UNAVAILABLE']);
  await until(() => gateway.output().includes('audit log: cannot be written (EPIPE); tokens are withheld\n'));
  expect(await readiness(gateway)).toEqual([503, { status: 'not-ready', reason: 'audit', platform: 'up' }]);
  // Reported once, not with each operation.
  await gateway.send(UserConnection, alice);
  expect(gateway.output().split('audit log:')).toHaveLength(2);
  await gateway.close();
});

it('withholds tokens and keeps running if the readers of standard output and standard error are gone', async () => {
  const gateway = await startProcess();
  gateway.closeOutput?.('stdout', 'stderr');
  for (let round = 0; round < 3; round += 1) {
    const { errors } = await gateway.send(UserConnection, alice);
    expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['AUDIT_UNAVAILABLE']);
  }
  expect(await readiness(gateway)).toEqual([503, { status: 'not-ready', reason: 'audit', platform: 'up' }]);
  await gateway.close();
  expect(await gateway.ended).toBe(0);
});

it('stays ready without a reader of standard output if the audit is best-effort', async () => {
  const gateway = await startProcess({ LOG_LEVEL: 'silent', XKIT_AUDIT: 'best-effort' });
  gateway.closeOutput?.('stdout');
  expect((await gateway.send(UserConnection, alice)).errors).toEqual([]);
  await until(() => gateway.output().includes('audit log: cannot be written (EPIPE); audit events are lost\n'));
  expect(await readiness(gateway)).toEqual([200, { status: 'ready', platform: 'up' }]);
  await gateway.close();
});

it('is not ready while standard output is stuck, and is ready again when its reader reads', async () => {
  const gateway = await startProcess({ LOG_LEVEL: 'silent' });
  const resume = gateway.pauseOutput?.();
  // The pipe holds 64 KiB, and the reader's buffers hold some more.
  await until(async () => {
    await gateway.send(UserConnection, alice);
    return (await readiness(gateway))[0] === 503;
  });
  resume?.();
  await until(async () => (await readiness(gateway))[0] === 200);
  await gateway.close();
});

it('is ready again without an operation when a full file has room', async () => {
  const path = join(folder, 'full');
  const gateway = await startProcess({ XKIT_AUDIT_LOG: path }, {}, ['bash', '-c', 'ulimit -f 1; exec "$0" "$@"']);
  await until(async () => {
    await gateway.send(UserConnection, alice);
    return (await readiness(gateway))[0] === 503;
  });
  expect(gateway.output()).toContain('audit log: cannot be written (EFBIG); tokens are withheld');
  truncateSync(path, 0);
  await until(async () => (await readiness(gateway))[0] === 200);
  expect(gateway.output()).toContain('audit log: writing works again');
  expect((await gateway.send(UserConnection, alice)).errors).toEqual([]);
  await gateway.close();
});
