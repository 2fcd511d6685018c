import { afterEach, expect, it } from 'vitest';

import { type Exposition, scrape } from '../../support/exposition.js';
import { connectUsers } from '../../support/faults.js';
import { UserConnection } from '../../support/operations.js';
import { until } from '../../support/until.js';
import { startWithWorkers, type TestWorkers } from '../../support/workers.js';

let gateway: TestWorkers;
afterEach(() => gateway.close());

/** Asks for different users at the same time, so that the workers take turns. */
async function askAtOnce(count: number): Promise<void> {
  const users = connectUsers(gateway, 'user', count);
  await Promise.all(users.map((userId) => gateway.send(UserConnection, { userId, connectorSlug: 'slack' })));
}

const succeeded = ({ value }: Exposition) => value('xkit_graphql_operations_total', { code: 'OK' });

it('shows the sum of all workers at the one port of the primary', async () => {
  gateway = await startWithWorkers(2, { XKIT_METRICS_PORT: '0' });
  await askAtOnce(30);
  const metrics = await scrape(gateway);
  const lookup = { connector: 'slack', outcome: 'ACTIVE', code: '' };
  expect(gateway.output().match(/^Metrics at /gm)).toHaveLength(1);
  expect(succeeded(metrics)).toBe(30);
  expect(metrics.value('xkit_graphql_lookups_total', lookup)).toBe(30);
  expect(metrics.value('xkit_graphql_operation_duration_seconds_count')).toBe(30);
  expect(metrics.value('xkit_graphql_platform_request_duration_seconds_bucket', { le: '+Inf', status: '2xx' })).toBe(
    30,
  );
  expect(metrics.value('xkit_graphql_audit_events_total', { outcome: 'disclosed' })).toBe(30);
  expect(new Set(gateway.lines('operation').map(({ pid }) => pid)).size).toBe(2);

  gateway.sandbox.faults.add({ delayMs: 500, times: 4 });
  const inFlight = askAtOnce(4);
  await until(() => gateway.sandbox.requests.entries.length === 34);
  expect((await scrape(gateway)).value('xkit_graphql_operations_in_flight')).toBe(4);
  await inFlight;
});

it('shows in how many workers the breaker is open', async () => {
  gateway = await startWithWorkers(2, { XKIT_METRICS_PORT: '0', XKIT_BREAKER: 'on' });
  gateway.sandbox.faults.add({ status: 503, times: Infinity });
  await until(async () => {
    await askAtOnce(20);
    return (await scrape(gateway)).value('xkit_graphql_platform_breaker_open') === 2;
  });
  expect(gateway.lines('platform-down')).toHaveLength(2);
});

it('leaves out a worker that does not answer, says so, and lets no counter go down', async () => {
  gateway = await startWithWorkers(2, { XKIT_METRICS_PORT: '0' });
  await askAtOnce(20);
  const [stuck = 0] = gateway.pids();
  const memory = ({ value }: Exposition) => value('process_resident_memory_bytes');
  const before = await scrape(gateway);
  process.kill(stuck, 'SIGSTOP');
  const meanwhile = await scrape(gateway);
  process.kill(stuck, 'SIGCONT');
  const [line] = await until(() => gateway.lines('metrics-missing').length > 0 && gateway.lines('metrics-missing'));
  expect(line).toMatchObject({ worker: stuck });
  expect([succeeded(before), succeeded(meanwhile)]).toEqual([20, 20]);
  expect(memory(meanwhile)).toBeLessThan(0.8 * memory(before));
});

it('keeps what a worker has counted that has ended', async () => {
  gateway = await startWithWorkers(2, { XKIT_METRICS_PORT: '0' });
  await askAtOnce(20);
  expect(succeeded(await scrape(gateway))).toBe(20);
  for (const pid of gateway.pids()) process.kill(pid, 'SIGKILL');
  await until(() => gateway.pids().length === 4);
  expect(succeeded(await scrape(gateway))).toBe(20);
});
