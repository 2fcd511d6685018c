import { INTERPRETED } from './processes.js';
import type { Results } from './report.js';
import { findRow } from './sections.js';

/** Returns the requirements of this project, and whether each holds in a run. */
export function findVerdicts(results: Results): { readonly what: string; readonly holds: boolean }[] {
  const { comparison = [], newDocuments = [], latencies = [], growth, footprints = [] } = results;
  const timesLimit = (target: string, workload: string) =>
    findRow(comparison, target, workload)?.timesLimit.median ?? Number.NaN;
  const ours = (workload: string) => timesLimit('xkit-graphql', workload);
  const than = (target: string, peer: string, workload: string) =>
    timesLimit(target, workload) / timesLimit(peer, workload);
  const verdicts: { what: string; holds: boolean }[] = [];
  const expect = (what: string, figure: number, bound: number) =>
    verdicts.push({ what: `${what}: ${figure.toFixed(2)}, at most ${bound.toFixed(2)}`, holds: figure <= bound });
  for (const [workload, bound] of Object.entries({ W1: 2.4, W2: 2, W3: 2.8, W4: 2.2, W5: 2.1 })) {
    expect(`${workload}, times the limit`, ours(workload), bound);
    expect(`${workload}, times Apollo`, than('xkit-graphql', 'apollo', workload), 1 / 2);
    expect(`${workload}, times equipped Mercurius`, than('xkit-graphql', 'mercurius-equipped', workload), 1);
    expect(`${workload}, times plain Yoga`, than('xkit-graphql', 'plain-yoga', workload), 1 / 2.5);
  }
  for (const [workload, bound] of Object.entries({ W1: 2.8, W2: 2.5, W3: 8, W4: 3.4, W5: 2.9 })) {
    expect(`${workload} interpreted, times the limit`, timesLimit(INTERPRETED, workload), bound);
    for (const peer of ['apollo', 'plain-yoga']) {
      expect(
        `${workload} interpreted, times ${peer}`,
        than(INTERPRETED, peer, workload),
        workload === 'W3' ? 1 : 1 / 1.7,
      );
    }
  }
  for (const row of newDocuments)
    if (row.target === 'xkit-graphql') expect('new documents, times the limit', row.timesLimit.median, 6.5);
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
      expect(`${workload}, p99 at 5 ms and concurrency 64, times the limit's`, Number(own) / Number(limit), 1.6);
    }
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
      1.4,
    );
    expect(
      'peak memory under W2, times Apollo',
      (footprint('xkit-graphql')?.peakMemory.median ?? Number.NaN) /
        (footprint('apollo')?.peakMemory.median ?? Number.NaN),
      1.1,
    );
  }
  return verdicts;
}
