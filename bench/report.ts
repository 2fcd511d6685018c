import { cpus, totalmem } from 'node:os';

import type { Footprint, Waiting } from './footprint.js';
import type { Gate } from './gate.js';
import type { Spread } from './measure.js';
import { findRow, type Growth, type Row } from './sections.js';
import { WORKLOADS } from './workloads.js';

/** Replaces the figure of a workload that a target does not support. */
const NOT_TAKEN = '–';

/** The results of a run. A quick run has only some of them. */
export interface Results {
  readonly machine?: object;
  readonly gates: readonly Gate[];
  readonly comparison?: readonly Row[];
  readonly newDocuments?: readonly Row[];
  readonly latencies?: readonly Row[];
  readonly growth?: Growth;
  readonly footprints?: readonly Footprint[];
  readonly waiting?: readonly Waiting[];
}

/** Returns the facts about this machine that the documents state. */
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

/** Formats the results as Markdown tables. */
export function toTables({
  gates,
  comparison = [],
  newDocuments = [],
  latencies = [],
  growth,
  footprints = [],
  waiting = [],
}: Results): string[] {
  const names = WORKLOADS.map(({ name }) => name);
  if (comparison.length === 0) {
    return [
      toTable(
        ['', ...names],
        gates.map(({ target, lookups }) => [target, ...names.map((name) => String(lookups[name] ?? NOT_TAKEN))]),
      ),
    ];
  }
  const ofTarget = (figure: (row: Row) => string) => gates.map(({ target }) => toCells(comparison, target, figure));
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
    tables.push(toTable(['platform', 'workload', 'concurrency', '', 'p50, ms', 'p99, ms'], rows));
  }
  if (growth) {
    const rows = growth.distinct.map(({ connections, cpu, limit }) => [
      String(connections),
      cpu.toFixed(1),
      limit.toFixed(1),
    ]);
    tables.push(
      toTable(['distinct connections', 'CPU each, µs', 'the limit'], rows),
      `One more alias of a connection that the operation already has: ${growth.alias.toFixed(1)} µs.\n`,
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
        ['waiting requests', 'memory each, KiB'],
        waiting.map(({ requests, kibEach }) => [String(requests), kibEach.toFixed(1)]),
      ),
    );
  }
  return tables;
}

/** Formats the most important table. */
export function toSummary({ gates, comparison = [] }: Results): string {
  const rows = gates
    .filter(({ target }) => target !== 'limit')
    .map(({ target }) => toCells(comparison, target, ({ timesLimit }) => timesLimit.median.toFixed(1)));
  return toTable(['', ...WORKLOADS.map(({ name, about }) => `${name}: ${about}`)], rows);
}

/** Formats a table row: the target, and its figure in each workload. */
function toCells(rows: readonly Row[], target: string, figure: (row: Row) => string): string[] {
  const cells = WORKLOADS.map(({ name }) => {
    const row = findRow(rows, target, name);
    return row ? figure(row) : NOT_TAKEN;
  });
  return [target, ...cells];
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
