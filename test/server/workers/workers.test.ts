import { once } from 'node:events';
import { readFileSync, renameSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { hashServiceKey } from '../../../src/server/authentication/service-key.js';
import { connectUsers } from '../../support/faults.js';
import { UserConnection } from '../../support/operations.js';
import { KEYS, POLICY, writePolicyFile } from '../../support/policy.js';
import { postJson } from '../../support/post-json.js';
import { until } from '../../support/until.js';
import { isAlive, startWithWorkers, type TestWorkers } from '../../support/workers.js';

const alice = { userId: 'alice', connectorSlug: 'slack' };
let gateway: TestWorkers;
let policy: ReturnType<typeof writePolicyFile>;
beforeEach(() => {
  policy = writePolicyFile();
});
afterEach(async () => {
  await gateway.close();
  policy.remove();
});

const ask = (key: string = KEYS.bff, variables = alice) =>
  gateway.send(UserConnection, variables, { authorization: `Bearer ${key}` });

/** Asks at the same time, so that each request has a connection of its own, and the workers take turns. */
async function askAtOnce(count: number, key?: string) {
  const users = connectUsers(gateway, 'user', count);
  const answers = users.map((userId) => ask(key, { userId, connectorSlug: 'slack' }));
  return Promise.all(answers);
}

/** Which processes have answered since there were so many lines. */
const answeredBy = (since = 0) =>
  new Set(
    gateway
      .lines('operation')
      .slice(since)
      .map(({ pid }) => pid),
  );

it('answers by every worker behind one port, and says once where', async () => {
  gateway = await startWithWorkers(2);
  const answers = await askAtOnce(20);
  expect(answers.map(({ data }) => data?.userConnection?.state)).toEqual(answers.map(() => 'ACTIVE'));
  await until(() => gateway.lines('operation').length === 20);
  expect(answeredBy()).toEqual(new Set(gateway.pids()));
  expect(answeredBy().has(gateway.pid)).toBe(false);
  expect(gateway.output().match(/^Listening at /gm)).toHaveLength(1);
});

it('loses only what was in flight in a worker that is killed, and replaces it', async () => {
  gateway = await startWithWorkers(2);
  const [victim = 0] = gateway.pids();
  const done = new AbortController();
  const lost: unknown[] = [];
  let answered = 0;
  const lanes = connectUsers(gateway, 'lane', 8).map(async (userId) => {
    while (!done.signal.aborted) {
      const answer = await ask(KEYS.bff, { userId, connectorSlug: 'slack' }).catch((error: unknown) => error);
      if (answer instanceof Error) lost.push(answer);
      else answered += 1;
    }
  });
  await until(() => answered > 100 && answeredBy().size === 2);
  process.kill(victim, 'SIGKILL');
  await until(() => gateway.pids().length === 3);
  // A connection of its own for each, so that some come to the new one.
  await until(async () => {
    const since = gateway.lines('operation').length;
    await askAtOnce(10);
    return answeredBy(since).has(gateway.pids()[2]);
  });
  done.abort();
  await Promise.all(lanes);
  expect(lost.length).toBeLessThanOrEqual(lanes.length);
  for (const error of lost) expect(error).toMatchObject({ message: 'fetch failed' });
  expect(gateway.lines('worker-ended')).toMatchObject([{ worker: victim, how: 'SIGKILL', pauseMs: 100 }]);
});

it('finishes what is in flight in every worker on SIGTERM, and ends with 0', async () => {
  gateway = await startWithWorkers(2);
  gateway.sandbox.faults.add({ delayMs: 1_000, times: Infinity });
  const inFlight = askAtOnce(6);
  await until(() => gateway.sandbox.requests.entries.length === 6);
  process.kill(gateway.pid ?? 0, 'SIGTERM');
  expect((await inFlight).map(({ data }) => data?.userConnection?.state)).toEqual(Array(6).fill('ACTIVE'));
  expect(await gateway.ended).toBe(0);
  expect(answeredBy().size).toBe(2);
  expect(gateway.pids().filter(isAlive)).toEqual([]);
  expect(gateway.lines('worker-ended')).toEqual([]);
});

it('ends with 0 as well if a terminal signals the workers too, and cuts nothing off', async () => {
  gateway = await startWithWorkers(2);
  gateway.sandbox.faults.add({ delayMs: 1_000, times: Infinity });
  const inFlight = askAtOnce(6);
  await until(() => gateway.sandbox.requests.entries.length === 6);
  for (const pid of [gateway.pid ?? 0, ...gateway.pids()]) process.kill(pid, 'SIGINT');
  expect((await inFlight).map(({ data }) => data?.userConnection?.state)).toEqual(Array(6).fill('ACTIVE'));
  expect(await gateway.ended).toBe(0);
});

it('ends at once on a second signal, with every worker', async () => {
  gateway = await startWithWorkers(2);
  gateway.sandbox.faults.add({ delayMs: Infinity, times: Infinity });
  const inFlight = ask().catch(() => 'cut off');
  await until(() => gateway.sandbox.requests.entries.length === 1);
  process.kill(gateway.pid ?? 0, 'SIGTERM');
  await until(() => gateway.lines('stopping').length === 1);
  process.kill(gateway.pid ?? 0, 'SIGTERM');
  expect(await gateway.ended).toBe(1);
  expect(await inFlight).toBe('cut off');
  await until(() => !gateway.pids().some(isAlive));
});

it('leaves no worker behind when its primary is killed', async () => {
  gateway = await startWithWorkers(2);
  process.kill(gateway.pid ?? 0, 'SIGKILL');
  await until(() => !gateway.pids().some(isAlive));
});

it('kills a worker that does not end', async () => {
  gateway = await startWithWorkers(2, { XKIT_TIMEOUT_MS: '100' });
  const [stuck = 0] = gateway.pids();
  process.kill(stuck, 'SIGSTOP');
  process.kill(gateway.pid ?? 0, 'SIGTERM');
  expect(await gateway.ended).toBe(0);
  expect(gateway.lines('worker-stuck')).toMatchObject([{ worker: stuck }]);
  expect(isAlive(stuck)).toBe(false);
});

it('takes another policy in every worker on SIGHUP', async () => {
  gateway = await startWithWorkers(2, { XKIT_POLICY_FILE: policy.path });
  const key = 'xkgk_test-new-canary-key';
  expect(new Set((await askAtOnce(10, key)).map(({ status }) => status))).toEqual(new Set([401]));
  policy.write({ callers: [{ ...POLICY.callers[0], keys: [{ hash: hashServiceKey(key) }] }] });
  process.kill(gateway.pid ?? 0, 'SIGHUP');
  await until(() => gateway.lines('policy').length === 4);
  expect(new Set((await askAtOnce(10, key)).map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set((await askAtOnce(10)).map(({ status }) => status))).toEqual(new Set([401]));
});

it('counts the operations of a caller in all workers together', async () => {
  const [bff, ...others] = POLICY.callers;
  policy.write({ callers: [{ ...bff, operationsPerMinute: 7 }, ...others] });
  gateway = await startWithWorkers(2, { XKIT_POLICY_FILE: policy.path });
  const statuses = (await askAtOnce(20)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(7);
  expect(statuses.filter((status) => status === 429)).toHaveLength(13);
  await until(() => gateway.lines('rate-limited').length === 13);
  expect(new Set(gateway.lines('rate-limited').map(({ pid }) => pid)).size).toBe(2);
  expect(gateway.lines('primary-away')).toEqual([]);
});

/** Asks on one connection, so that a worker has it already: what is new has to come by the primary. */
function connectToWorker() {
  const [, url = ''] = /^Listening at (\S+)$/m.exec(gateway.output()) ?? [];
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const askStatus = async () => {
    const { body, ...init } = postJson({ query: '{ __typename }' }, { authorization: `Bearer ${KEYS.bff}` });
    const sent = request(url, { ...init, agent }).end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    await once(response.resume(), 'end');
    return response.statusCode;
  };
  return { askStatus, disconnect: () => agent.destroy() };
}

it('lets a worker count alone while its primary does not answer', async () => {
  gateway = await startWithWorkers(2);
  const { askStatus, disconnect } = connectToWorker();
  expect(await askStatus()).toBe(200);
  process.kill(gateway.pid ?? 0, 'SIGSTOP');
  expect(await askStatus().finally(() => process.kill(gateway.pid ?? 0, 'SIGCONT'))).toBe(200);
  await until(() => gateway.lines('primary-away').length === 1);
  disconnect();
});

it('counts what the primary has answered in time, also where a worker is too busy to read it', async () => {
  gateway = await startWithWorkers(2);
  const { askStatus, disconnect } = connectToWorker();
  expect(await askStatus()).toBe(200);
  await until(() => answeredBy().size === 1);
  const [primary = 0, worker = 0] = [gateway.pid, ...answeredBy()].map(Number);
  process.kill(primary, 'SIGSTOP');
  const status = askStatus();
  await setTimeout(100);
  process.kill(worker, 'SIGSTOP');
  process.kill(primary, 'SIGCONT');
  await setTimeout(300);
  process.kill(worker, 'SIGCONT');
  expect(await status).toBe(200);
  expect(gateway.lines('primary-away')).toEqual([]);
  disconnect();
});

it('writes each event of every worker once and whole, also when the log is rotated meanwhile', async () => {
  const path = join(policy.folder, 'audit.log');
  gateway = await startWithWorkers(3, { XKIT_AUDIT_LOG: path });
  const asked: string[] = [];
  for (let round = 0; round < 10; round += 1) {
    const answers = askAtOnce(40);
    if (round === 5) {
      renameSync(path, `${path}.1`);
      process.kill(gateway.pid ?? 0, 'SIGHUP');
    }
    asked.push(...(await answers).map(({ headers }) => headers.get('x-request-id') ?? ''));
  }
  await gateway.close();
  const files = [`${path}.1`, path].map((file) => readFileSync(file, 'utf8').trimEnd().split('\n'));
  expect(files.map((lines) => lines.length > 100)).toEqual([true, true]);
  const written = files.flat().map((line) => JSON.parse(line) as { requestId: string; outcome: string });
  expect(written.map(({ requestId }) => requestId).toSorted()).toEqual(asked.toSorted());
  expect(answeredBy().size).toBe(3);
});

it('writes whole lines to the standard output that the workers share', async () => {
  gateway = await startWithWorkers(3);
  for (let round = 0; round < 5; round += 1) await askAtOnce(40);
  await until(() => gateway.lines('operation').length === 200);
  await gateway.close();
  const lines = gateway.output().trimEnd().split('\n');
  for (const line of lines)
    if (!line.startsWith('Listening at ')) expect(() => JSON.parse(line) as unknown).not.toThrow();
  expect(gateway.lines('audit')).toHaveLength(200);
});

it('ends with 1 once no worker can start any more, and says why', async () => {
  gateway = await startWithWorkers(2, { XKIT_POLICY_FILE: policy.path });
  policy.write('callers: [');
  for (const pid of gateway.pids()) process.kill(pid, 'SIGKILL');
  expect(await gateway.ended).toBe(1);
  expect(gateway.output()).toMatch(
    /^No worker can start any more\. The last one said:\n.*policy.*\n {2}It is not YAML/m,
  );
  const pauses = gateway.lines('worker-ended').map(({ pauseMs }) => Number(pauseMs));
  expect(pauses.toSorted((one, other) => one - other).slice(0, 4)).toEqual([100, 100, 200, 200]);
});
