import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterAll, afterEach, expect, it, vi } from 'vitest';

import type { AuditEvent } from '../../../src/access/audit.js';
import { openAuditLog } from '../../../src/server/telemetry/audit-log.js';
import { startProcess } from '../../support/gateway.js';
import { Connections, UserConnection } from '../../support/operations.js';
import { KEYS } from '../../support/policy.js';
import { until } from '../../support/until.js';

const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-audit-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => void vi.useRealTimers());

const alice = { userId: 'alice', connectorSlug: 'slack' };
const event = (requestId: string): AuditEvent => ({
  time: '2026-01-01T00:00:00.000Z',
  requestId,
  caller: 'bff',
  callerKind: 'service',
  ownerKind: 'USER',
  ownerHash: '0'.repeat(32),
  connectorSlug: 'slack',
  operationName: null,
  documentHash: '0'.repeat(64),
  outcome: 'disclosed',
  tokenFingerprint: '0'.repeat(16),
  code: null,
  missingScope: null,
});
const readEvents = (path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

it('appends one ASCII line for each event with any content, to a file that only its owner may read', async () => {
  const path = join(folder, 'forged');
  const ids = [
    'a\nb',
    'c\r\n{"event":"audit"}',
    '\u001b[2Jd',
    '\u2028e\u2029',
    '"},{',
    'f\u0000\u007f\u0085',
    '\ud800',
    'ä😀',
  ];
  const log = await openAuditLog(path);
  await Promise.all(ids.map((id) => log.write(event(id))));
  await log.close();
  const text = readFileSync(path, 'latin1');
  expect(text).toMatch(/^(?:[\x20-\x7e]+\n)+$/);
  expect(text.split('\n')).toHaveLength(ids.length + 1);
  expect(readEvents(path)).toEqual(ids.map((id) => ({ event: 'audit', ...event(id) })));
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('writes each event unchanged, independently of the previous one', async () => {
  const path = join(folder, 'mixed');
  const text = fc.constantFrom('a', 'b', 'ä', '"', 'null');
  const orNull = fc.option(text);
  const events = fc.array(
    fc.record({
      requestId: text,
      caller: orNull,
      callerKind: fc.constantFrom('service', 'browser', null),
      ownerKind: fc.constantFrom('USER', 'GROUP'),
      ownerHash: text,
      connectorSlug: text,
      operationName: orNull,
      documentHash: text,
      outcome: fc.constantFrom('disclosed', 'refused'),
      tokenFingerprint: orNull,
      code: fc.constantFrom('FORBIDDEN', 'UNAUTHENTICATED', null),
      missingScope: fc.constantFrom('tokens:read', null),
    }),
    { maxLength: 8 },
  );
  const log = await openAuditLog(path);
  const written: unknown[] = [];
  await fc.assert(
    fc.asyncProperty(events, async (fields) => {
      const batch = fields.map((field) => ({ ...event('r'), ...field }) as AuditEvent);
      await Promise.all(batch.map((one) => log.write(one)));
      written.push(...batch.map((one) => ({ event: 'audit', ...one })));
    }),
    { numRuns: 200 },
  );
  await log.close();
  expect(readEvents(path)).toEqual(written);
});

it('keeps the existing lines of a file, and starts a new line after an incomplete one', async () => {
  const path = join(folder, 'kept');
  appendFileSync(path, '{"former":1}\n{"broken');
  for (const id of ['a', 'b']) {
    const log = await openAuditLog(path);
    await log.write(event(id));
    await log.close();
  }
  const lines = readFileSync(path, 'utf8').split('\n');
  expect(lines.slice(0, 2)).toEqual(['{"former":1}', '{"broken']);
  expect(lines.slice(2, -1).map((line) => JSON.parse(line) as object)).toMatchObject([
    { requestId: 'a' },
    { requestId: 'b' },
  ]);
});

it('has written each event that it confirms, even if 12,000 events arrive at the same time', async () => {
  const path = join(folder, 'many');
  const log = await openAuditLog(path);
  const results = await Promise.allSettled(
    Array.from({ length: 12_000 }, async (_, index) => log.write(event(`r${index}`))),
  );
  const taken = results.filter(({ status }) => status === 'fulfilled').length;
  // The other events would wait too long. They are refused immediately and use no memory.
  expect(taken).toBeGreaterThanOrEqual(10_000);
  expect(taken).toBeLessThan(12_000);
  expect(readEvents(path)).toHaveLength(taken);
  await log.close();
});

it('writes each event once and completely while the file is reopened between many events', async () => {
  const path = join(folder, 'moved');
  const log = await openAuditLog(path);
  const written: Promise<void>[] = [];
  for (let round = 0; round < 20; round += 1) {
    for (let index = 0; index < 50; index += 1) written.push(log.write(event(`r${round}-${index}`)));
    renameSync(path, `${path}.${round}`);
    // Two reopens at the same time, as after two signals.
    await Promise.all([log.reopen(), log.reopen()]);
  }
  await Promise.all(written);
  await log.close();
  const files = [...Array.from({ length: 20 }, (_, round) => `${path}.${round}`), path];
  const ids = files.flatMap(readEvents).map(({ requestId }) => requestId);
  expect(ids).toHaveLength(1_000);
  expect(new Set(ids).size).toBe(1_000);
});

it('withholds a token if the disk has no space for its audit event', async () => {
  const gateway = await startProcess({ XKIT_AUDIT_LOG: '/dev/full' });
  const { data, errors } = await gateway.send(UserConnection, alice);
  expect(data?.userConnection).toMatchObject({ state: 'ACTIVE', authorization: { accessToken: null } });
  expect(errors.map(({ extensions }) => extensions)).toMatchObject([{ code: 'AUDIT_UNAVAILABLE', retryable: true }]);
  // A refusal does not depend on its audit event.
  const refused = await gateway.send(UserConnection, alice, { authorization: `Bearer ${KEYS.bob}` });
  expect(refused.errors.map(({ extensions }) => extensions['code'])).toEqual(['FORBIDDEN']);
  await gateway.close();
  expect(gateway.output()).toContain('audit event not recorded: ENOSPC');
  expect(gateway.output()).not.toContain('token-1');
});

it('returns the token despite a full disk if the audit is best-effort, and logs the failure', async () => {
  const gateway = await startProcess({ XKIT_AUDIT_LOG: '/dev/full', XKIT_AUDIT: 'best-effort' });
  const { data } = await gateway.send(UserConnection, alice);
  expect(data?.userConnection?.authorization?.accessToken).toMatch(/^sandbox-/);
  await gateway.close();
  expect(gateway.output()).toContain('audit event not recorded: ENOSPC');
});

it('returns tokens only while a file of limited size has room for their events, and again after its rotation', async () => {
  const path = join(folder, 'limited');
  // The operating system limits the file to 8 blocks of 1,024 bytes, so the limit falls within a line.
  const gateway = await startProcess({ XKIT_AUDIT_LOG: path }, {}, ['bash', '-c', 'ulimit -f 8; exec "$0" "$@"']);
  const keys = Array.from({ length: 50 }, (_, index) => ({
    ownerKind: 'USER' as const,
    ownerId: `user-${index}`,
    connectorSlug: 'slack',
  }));
  for (const { ownerId } of keys)
    gateway.sandbox.store.setConnections(ownerId, 'slack', [{ enabled: true, status: 'active' }]);
  const read = async () => {
    const { data, errors } = await gateway.send(Connections, { keys });
    const tokens = (data?.connections ?? []).flatMap((found) => found?.authorization?.accessToken ?? []);
    return {
      tokens: tokens.length,
      codes: new Set(errors.map(({ extensions }) => extensions['code'])),
      errors: errors.length,
    };
  };
  const first = await read();
  expect(first.codes).toEqual(new Set(['AUDIT_UNAVAILABLE']));
  expect(first.tokens + first.errors).toBe(keys.length);
  const lines = readFileSync(path, 'utf8').split('\n');
  // Each token has its line. A line can exist without a token, if a later line of its batch could not be written.
  expect(first.tokens).toBeGreaterThan(5);
  expect(lines.length - 1).toBeGreaterThanOrEqual(first.tokens);
  expect(await read()).toMatchObject({ tokens: 0, errors: 50 });
  expect(statSync(path).size).toBe(8_192);
  expect(gateway.output()).toContain('audit event not recorded: EFBIG');

  renameSync(path, `${path}.1`);
  process.kill(gateway.pid ?? 0, 'SIGHUP');
  await until(() => gateway.output().split('"event":"policy"').length === 3);
  expect((await gateway.send(UserConnection, alice)).errors).toEqual([]);
  await gateway.close();
  const after = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  expect(after).toHaveLength(1);
  expect(JSON.parse(after[0] ?? '')).toMatchObject({ outcome: 'disclosed', caller: 'bff' });
});

it('waits at most 2 s for a reader of standard output, and recovers when it reads again', async () => {
  const gateway = await startProcess({ LOG_LEVEL: 'silent' });
  const stop = gateway.pauseOutput?.();
  const keys = Array.from({ length: 100 }, (_, index) => ({
    ownerKind: 'USER' as const,
    ownerId: `user-${index}`,
    connectorSlug: 'slack',
  }));
  for (const { ownerId } of keys)
    gateway.sandbox.store.setConnections(ownerId, 'slack', [{ enabled: true, status: 'active' }]);
  const codes = async () => {
    const { errors } = await gateway.send(Connections, { keys });
    return errors.map(({ extensions }) => extensions['code']);
  };
  let seen: unknown[] = [];
  for (let round = 0; round < 20 && seen.length === 0; round += 1) seen = await codes();
  expect(new Set(seen)).toEqual(new Set(['AUDIT_UNAVAILABLE']));
  expect((await gateway.fetch('/health')).status).toBe(200);
  stop?.();
  await until(() => gateway.output().includes('"disclosed"'));
  expect(await codes()).toEqual([]);
  await gateway.close();
});

it('stops its timer when it is closed during a write that fails', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const log = await openAuditLog('/dev/full');
  const failed = expect(log.write(event('late'))).rejects.toMatchObject({ code: 'ENOSPC' });
  await log.close();
  await failed;
  expect(vi.getTimerCount()).toBe(0);
});
