import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { toBody } from '../../bench/ask.js';
import { drawChart } from '../../bench/chart.js';
import { KEY, startPeer, startPlatform } from '../../bench/processes.js';
import { toTables } from '../../bench/report.js';
import type { Row } from '../../bench/sections.js';
import { WORKLOADS } from '../../bench/workloads.js';
import { findFreePort } from '../support/free-port.js';
import { until } from '../support/until.js';

it('gets correct results from every benchmark target, and from ours with the fewest possible platform requests', () => {
  // Installs the peers if they are missing.
  const printed = execFileSync(process.execPath, ['--import', 'tsx', 'bench/main.ts', '--check'], { encoding: 'utf8' });
  for (const target of ['limit', 'mercurius-equipped', 'xkit-graphql', 'xkit-graphql, interpreted']) {
    expect(printed).toMatch(new RegExp(`\\| ${target} +\\| 1 +\\| 20 +\\| 10 +\\| 10 +\\| 50 +\\|`));
  }
}, 300_000);

it('compares with a Mercurius that has the same duties: authentication, audit, limits and metrics', async () => {
  const platform = await startPlatform();
  const auditLog = join(mkdtempSync(join(tmpdir(), 'xkit-graphql-equipped-')), 'audit.log');
  const metricsPort = await findFreePort();
  const target = await startPeer('mercurius-equipped', platform.url, {
    AUDIT_LOG: auditLog,
    METRICS_PORT: String(metricsPort),
  });
  const post = async (body: object, key = KEY) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const response = await fetch(target.url, { method: 'POST', headers, body: JSON.stringify(body) });
    const { errors } = (await response.json()) as { errors?: { message: string; extensions?: { code: string } }[] };
    const [error] = errors ?? [];
    return error ? (error.extensions?.code ?? error.message) : response.status;
  };
  const readAudit = () =>
    readFileSync(auditLog, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string | null>);

  try {
    let tokens = 0;
    for (const workload of WORKLOADS) {
      const users = Array.from({ length: workload.distinct }, (_, index) => `user-${index}`);
      expect(await post(toBody(target.name, workload, users))).toBe(200);
      tokens += workload.distinct;
      // The audit events of an operation are written before its response is sent.
      expect(readAudit()).toHaveLength(tokens);
    }
    expect(readAudit()[0]).toEqual({
      event: 'audit',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
      outcome: 'disclosed',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      caller: 'bench',
      ownerKind: 'USER',
      ownerHash: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      connectorSlug: 'slack',
      operationName: 'W1',
      documentHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      tokenFingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      code: null,
    });

    expect(await post({ query: '{ __typename }' }, 'xkgk_other')).toBe('UNAUTHENTICATED');
    const forbidden = '{ userConnection(userId: "user-1", connectorSlug: "github") { state } }';
    expect(await post({ query: forbidden })).toBe('FORBIDDEN');
    expect(readAudit().at(-1)).toMatchObject({ outcome: 'refused', connectorSlug: 'github', code: 'FORBIDDEN' });
    expect(await post({ query: '{ __schema { types { name } } }' })).toMatch('introspection has been disabled');
    const aliases = Array.from({ length: 501 }, (_, index) => `a${index}: __typename`);
    expect(await post({ query: `{ ${aliases.join(' ')} }` })).toMatch('Aliases limit of 500 exceeded');
    expect(await post({ query: `{ __typename }${' '.repeat(100_000)}` })).toBe('Request body is too large');

    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    expect(metrics).toContain('operations_total{code="OK"} 5\n');
    expect(metrics).toContain('operations_total{code="FORBIDDEN"} 1\n');
    expect(metrics).toContain(`lookups_total{outcome="ACTIVE"} ${tokens}\n`);
    expect(metrics).toContain(`platform_request_duration_seconds_count{status="2xx"} ${tokens}\n`);

    platform.stop();
    await until(() =>
      fetch(platform.url).then(
        () => false,
        () => true,
      ),
    );
    const query = '{ userConnection(userId: "user-1", connectorSlug: "slack") { state } }';
    expect(await post({ query })).toBe('PLATFORM_UNAVAILABLE');
    expect(await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()).toContain(
      'platform_request_duration_seconds_count{status="none"} 3\n',
    );
  } finally {
    await target.stop();
  }
});

it('shows no figure for a workload that a target does not support', () => {
  const spread = { median: 2, min: 2, max: 2 };
  const figures = { cpu: spread, timesLimit: spread, perSecond: spread, p50: spread, p99: spread };
  const [one, ...others] = WORKLOADS.map(({ name }): Row => {
    return { target: 'some', workload: name, concurrency: 16, delayMs: 0, ...figures };
  });
  expect(toTables({ gates: [{ target: 'some', lookups: { W1: 1 } }] })[0]).toContain('| some | 1   | –   |');
  expect(toTables({ gates: [{ target: 'some', lookups: {} }], comparison: others })[0]).toMatch(
    /\| some +\| – +\| 2\.00/,
  );
  expect(drawChart(others).split('>some<')).toHaveLength(others.length + 1);
  expect(one?.workload).toBe('W1');
});
