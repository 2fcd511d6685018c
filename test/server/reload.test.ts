import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { hashServiceKey } from '../../src/server/auth/service-key.js';
import { startProcess, type TestGateway } from '../support/gateway.js';
import { UserConnection } from '../support/operations.js';
import { KEYS, POLICY, writePolicyFile } from '../support/policy.js';
import { until } from '../support/until.js';

const alice = { userId: 'alice', connectorSlug: 'slack' };
const NEW_KEY = 'xkgk_test-new-canary-key';

let gateway: TestGateway;
let policy: ReturnType<typeof writePolicyFile>;
beforeEach(() => {
  policy = writePolicyFile();
});
afterEach(async () => {
  await gateway.close();
  policy.remove();
});

/** Sends SIGHUP, and waits for the next log line with this event. */
async function hangUp(event: string): Promise<void> {
  const count = () => gateway.output().split(`"event":"${event}"`).length;
  const before = count();
  process.kill(gateway.pid ?? 0, 'SIGHUP');
  await until(() => count() > before);
}

const ask = async (key: string) => gateway.send(UserConnection, alice, { authorization: `Bearer ${key}` });

/** Sends operations before, during and after an action: in four lanes, one after the other in each lane. */
async function askThroughout(action: () => Promise<void>) {
  const done = new AbortController();
  const answers: Awaited<ReturnType<typeof ask>>[] = [];
  const lanes = Array.from({ length: 4 }, async () => {
    while (!done.signal.aborted) answers.push(await ask(KEYS.bff));
  });
  await until(() => answers.length > 20);
  await action();
  const after = answers.length;
  await until(() => answers.length > after + 20);
  done.abort();
  await Promise.all(lanes);
  return answers;
}

it('replaces a key without a failed request, and accepts both keys until the old one is removed', async () => {
  gateway = await startProcess({ XKIT_POLICY_FILE: policy.path });
  const [bff, ...others] = POLICY.callers;
  const withBoth = [...(bff?.keys ?? []), { hash: hashServiceKey(NEW_KEY) }];
  expect((await ask(NEW_KEY)).status).toBe(401);
  const answers = await askThroughout(async () => {
    policy.write({ callers: [{ ...bff, keys: withBoth }, ...others] });
    await hangUp('policy');
    expect((await ask(NEW_KEY)).status).toBe(200);
  });
  for (const { data, errors } of answers) {
    expect([data?.userConnection?.state, errors]).toEqual(['ACTIVE', []]);
  }

  // An in-flight request is not aborted.
  gateway.sandbox.faults.add({ delayMs: 500 });
  const lookups = gateway.sandbox.requests.entries.length;
  const inFlight = ask(KEYS.bff);
  await until(() => gateway.sandbox.requests.entries.length > lookups);
  policy.write({ callers: [{ ...bff, keys: withBoth.slice(-1) }, ...others] });
  await hangUp('policy');
  expect((await ask(KEYS.bff)).status).toBe(401);
  expect((await ask(NEW_KEY)).status).toBe(200);
  expect((await inFlight).data?.userConnection?.authorization?.accessToken).toMatch(/^sandbox-/);
});

it.each([
  ['an error', 'callers: [{ id: canary-mistake }]', 'callers[0].keys is missing'],
  ['only half of its content', '{"callers": [', 'It is not YAML'],
  ['no content', '', 'It must be a map'],
])('keeps the previous policy and logs the problem when the file has %s', async (_, text, problem) => {
  gateway = await startProcess({ XKIT_POLICY_FILE: policy.path });
  policy.write(text);
  await hangUp('policy-refused');
  expect((await ask(KEYS.bff)).status).toBe(200);
  expect((await ask('xkgk_nonesuch')).status).toBe(401);
  expect(gateway.output()).toContain(problem);
  expect(gateway.output()).not.toContain('canary-mistake');
});

it('writes each audit event once, to the old or the new file, when the audit log is rotated', async () => {
  const path = join(policy.folder, 'audit.log');
  gateway = await startProcess({ XKIT_POLICY_FILE: policy.path, XKIT_AUDIT_LOG: path });
  const answers = await askThroughout(async () => {
    renameSync(path, `${path}.1`);
    await hangUp('policy');
  });
  await gateway.close();
  const events = [`${path}.1`, path].map((file) =>
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { outcome: string; requestId: string }),
  );
  expect(events.map((list) => list.length > 10)).toEqual([true, true]);
  const ids = events.flat().map(({ requestId }) => requestId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toEqual(answers.map(({ headers }) => headers.get('x-request-id')).toSorted());
});
