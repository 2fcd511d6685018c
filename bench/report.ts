import { cpus, totalmem } from 'node:os';

import type { Footprint, Waiting, WorkersGain } from './footprint.js';
import type { Gate } from './gate.js';
import type { Spread } from './measure.js';
import type { Growth, Row } from './sections.js';
import { WORKLOADS } from './workloads.js';

/** Everything that a run found out. */
export interface Results {
  readonly machine?: object;
  readonly gates: readonly Gate[];
  readonly comparison?: readonly Row[];
  readonly newDocuments?: readonly Row[];
  readonly latencies?: readonly Row[];
  readonly growth?: Growth;
  readonly footprints?: readonly Footprint[];
  readonly waiting?: readonly Waiting[];
  readonly workers?: readonly WorkersGain[];
}

/** Says what a run was made on. */
export function describeMachine(): object {
  const [{ model = 'unknown' } = {}] = cpus();
  return {
    node: process.version,
    cores: cpus().length,
    model,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    at: new Date().toISOString().slice(0, 10),
  };
}

/** Writes the results as tables in Markdown. */
export function toTables({
  gates,
  comparison = [],
  newDocuments = [],
  latencies = [],
  growth,
  footprints = [],
  waiting = [],
  workers = [],
}: Results): string[] {
  const names = WORKLOADS.map(({ name }) => name);
  if (comparison.length === 0) {
    return [
      toTable(
        ['', ...names],
        gates.map(({ target, lookups }) => [target, ...names.map((name) => String(lookups[name]))]),
      ),
    ];
  }
  const ofTarget = (figure: (row: Row) => string) =>
    gates.map(({ target }) => [
      target,
      ...names.map((name) =>
        comparison
          .filter((row) => row.target === target && row.workload === name)
          .map(figure)
          .join(),
      ),
    ]);
  const tables = [
    toTable(
      ['CPU, times the limit', ...names],
      ofTarget(({ timesLimit }) => show(timesLimit, 2)),
    ),
    toTable(
      ['CPU, µs a request', ...names],
      ofTarget(({ cpu }) => show(cpu, 0)),
    ),
    toTable(
      ['requests a second', ...names],
      ofTarget(({ perSecond }) => show(perSecond, 0)),
    ),
    toTable(
      ['p50 / p99, ms', ...names],
      ofTarget(({ p50, p99 }) => `${p50.median.toFixed(1)} / ${p99.median.toFixed(1)}`),
    ),
  ];
  if (newDocuments.length > 0) {
    tables.push(
      toTable(
        ['new documents', 'CPU, times the limit', 'CPU, µs'],
        newDocuments.map(({ target, timesLimit, cpu }) => [target, show(timesLimit, 2), show(cpu, 0)]),
      ),
    );
  }
  if (latencies.length > 0) {
    const rows = latencies.map(({ target, workload, concurrency, delayMs, p50, p99 }) => [
      `${delayMs} ms`,
      workload,
      String(concurrency),
      target,
      show(p50, 1),
      show(p99, 1),
    ]);
    tables.push(toTable(['platform', 'workload', 'at once', '', 'p50, ms', 'p99, ms'], rows));
  }
  if (growth) {
    const rows = growth.distinct.map(({ connections, cpu, limit }) => [
      String(connections),
      cpu.toFixed(1),
      limit.toFixed(1),
    ]);
    tables.push(
      toTable(['distinct connections', 'CPU each, µs', 'the limit'], rows),
      `One more alias of a connection already asked for: ${growth.alias.toFixed(1)} µs.\n`,
    );
  }
  if (footprints.length > 0) {
    tables.push(
      toTable(
        ['', 'cold start, ms', 'peak memory, MiB'],
        footprints.map(({ target, coldStartMs, peakMemory }) => [target, show(coldStartMs, 0), show(peakMemory, 0)]),
      ),
    );
  }
  if (waiting.length > 0) {
    tables.push(
      toTable(
        ['requests that wait', 'memory each, KiB'],
        waiting.map(({ requests, kibEach }) => [String(requests), kibEach.toFixed(1)]),
      ),
    );
  }
  if (workers.length > 0) {
    tables.push(
      toTable(
        ['workers', 'requests a second (W3, 64 at once)'],
        workers.map(({ workers: count, perSecond }) => [String(count), show(perSecond, 0)]),
      ),
    );
  }
  return tables;
}

/** Writes the one table that says most. */
export function toSummary({ gates, comparison = [] }: Results): string {
  const rows = gates
    .filter(({ target }) => target !== 'limit')
    .map(({ target }) => [
      target,
      ...WORKLOADS.map(({ name }) => {
        const row = comparison.find((one) => one.target === target && one.workload === name);
        return row?.timesLimit.median.toFixed(1) ?? '';
      }),
    ]);
  return toTable(['', ...WORKLOADS.map(({ name, about }) => `${name}: ${about}`)], rows);
}

/** What is asked of this project, and whether it held in a run. */
export function findVerdicts(results: Results): { readonly what: string; readonly holds: boolean }[] {
  const { comparison = [], newDocuments = [], latencies = [], growth, footprints = [] } = results;
  const find = (rows: readonly Row[], target: string, workload: string) =>
    rows.find((row) => row.target === target && row.workload === workload);
  const ours = (workload: string) => find(comparison, 'xkit-graphql', workload)?.timesLimit.median ?? Number.NaN;
  const verdicts: { what: string; holds: boolean }[] = [];
  const expect = (what: string, figure: number, bound: number) =>
    verdicts.push({ what: `${what}: ${figure.toFixed(2)}, at most ${bound.toFixed(2)}`, holds: figure <= bound });
  for (const [workload, bound] of Object.entries({ W1: 1.9, W2: 1.9, W3: 3, W4: 2.2, W5: 2 })) {
    expect(`${workload}, times the limit`, ours(workload), bound);
    const than = (peer: string) => ours(workload) / (find(comparison, peer, workload)?.timesLimit.median ?? Number.NaN);
    expect(`${workload}, times Mercurius`, than('mercurius'), workload === 'W1' ? 1.2 : 1);
    expect(`${workload}, times Apollo`, than('apollo'), 1 / 3);
    expect(`${workload}, times plain Yoga`, than('plain-yoga'), 1 / 6);
  }
  for (const { target, timesLimit } of newDocuments)
    if (target === 'xkit-graphql') expect('new documents, times the limit', timesLimit.median, 4.5);
  const late = (target: string, workload: string, delayMs: number, concurrency: number) =>
    latencies.find(
      (row) =>
        row.target === target &&
        row.workload === workload &&
        row.delayMs === delayMs &&
        row.concurrency === concurrency,
    );
  if (latencies.length > 0) {
    for (const workload of ['W1', 'W2']) {
      const [own, limit] = ['xkit-graphql', 'limit'].map(
        (target) => late(target, workload, 5, 64)?.p99.median ?? Number.NaN,
      );
      expect(`${workload}, p99 at 5 ms and 64 at once, times the limit's`, Number(own) / Number(limit), 1.5);
    }
    expect('W2, p50 at 5 ms and 16 at once, in ms', late('xkit-graphql', 'W2', 5, 16)?.p50.median ?? Number.NaN, 10);
  }
  if (growth) {
    const costs = growth.distinct.map(({ cpu }) => cpu);
    const [, second = Number.NaN] = costs;
    expect('a distinct connection among 1,000, times one among 10', (costs.at(-1) ?? Number.NaN) / second, 1.25);
    expect('an alias, times a distinct connection', growth.alias / (costs[2] ?? Number.NaN), 0.1);
  }
  const footprint = (target: string) => footprints.find((one) => one.target === target);
  if (footprints.length > 0) {
    expect(
      'cold start, times plain Yoga',
      (footprint('xkit-graphql')?.coldStartMs.median ?? Number.NaN) /
        (footprint('plain-yoga')?.coldStartMs.median ?? Number.NaN),
      1.25,
    );
    expect(
      'peak memory under W2, times Apollo',
      (footprint('xkit-graphql')?.peakMemory.median ?? Number.NaN) /
        (footprint('apollo')?.peakMemory.median ?? Number.NaN),
      1,
    );
  }
  return verdicts;
}

function show({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}

function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const toLine = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [toLine(head), toLine(widths.map((width) => '-'.repeat(width))), ...rows.map(toLine), ''].join('\n');
}
