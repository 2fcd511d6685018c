import type { Results } from './report.js';
import { findRow } from './sections.js';

/** What is asked of this project, and whether it held in a run. */
export function findVerdicts(results: Results): { readonly what: string; readonly holds: boolean }[] {
  const { comparison = [], newDocuments = [], latencies = [], growth, footprints = [] } = results;
  const ours = (workload: string) => findRow(comparison, 'xkit-graphql', workload)?.timesLimit.median ?? Number.NaN;
  const verdicts: { what: string; holds: boolean }[] = [];
  const expect = (what: string, figure: number, bound: number) =>
    verdicts.push({ what: `${what}: ${figure.toFixed(2)}, at most ${bound.toFixed(2)}`, holds: figure <= bound });
  for (const [workload, bound] of Object.entries({ W1: 1.9, W2: 1.9, W3: 3, W4: 2.2, W5: 2 })) {
    expect(`${workload}, times the limit`, ours(workload), bound);
    const than = (peer: string) =>
      ours(workload) / (findRow(comparison, peer, workload)?.timesLimit.median ?? Number.NaN);
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
