import type { Tally } from './load.js';

/** Resource usage of the gateway's process at one moment. */
export interface Sample {
  /** Requests completed by then. */
  readonly requests: number;
  readonly rssMiB: number;
  readonly descriptors: number;
  readonly delayMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

interface Run {
  readonly tally: Tally;
  readonly seconds: number;
  readonly samples: readonly Sample[];
  /** MiB per 100,000 requests, or null if the run was too short. */
  readonly slope: number | null;
  readonly descriptors: { readonly before: number; readonly after: number };
  readonly platformSockets: { readonly max: number; readonly after: number };
  /** Token disclosures in the audit log. */
  readonly audited: number;
  readonly exitCode: number | null;
}

/** Share of the requests that belong to the warm-up. */
const WARM_UP = 0.3;
/** With fewer requests, memory says nothing about a leak. */
const MIN_REQUESTS = 500_000;

/** Fits a line to the memory after the warm-up: least squares of the resident set over the requests. */
export function findSlope(samples: readonly Sample[], requests: number): number | null {
  const warm = samples.filter((sample) => sample.requests > requests * WARM_UP && sample.requests < requests);
  if (requests < MIN_REQUESTS || warm.length < 10) return null;
  const mean = (value: (sample: Sample) => number) =>
    warm.reduce((sum, sample) => sum + value(sample), 0) / warm.length;
  const x = mean((sample) => sample.requests);
  const y = mean(({ rssMiB }) => rssMiB);
  const covariance = mean((sample) => (sample.requests - x) * (sample.rssMiB - y));
  return (covariance / mean((sample) => (sample.requests - x) ** 2)) * 100_000;
}

/** Prints the results of a run, and returns whether all are within their bounds. */
export function report({
  tally,
  seconds,
  samples,
  slope,
  descriptors,
  platformSockets,
  audited,
  exitCode,
}: Run): boolean {
  const failed = [...tally.failed.values()].reduce((sum, count) => sum + count, 0);
  const servedShare = tally.served / (tally.served + failed);
  const last = samples.at(-1);
  const codes = [...tally.failed].map(([code, count]) => `${code} ${count}`).join(', ');
  const rows: [what: string, figure: string, isFine: boolean][] = [
    ['requests', `${tally.requests} in ${seconds.toFixed(0)} s, ${(tally.requests / seconds).toFixed(0)}/s`, true],
    ['wrong responses', String(tally.wrong.length), tally.wrong.length === 0],
    [
      'connections served',
      `${tally.served}, ${(servedShare * 100).toFixed(2)} %, of which a fifth failed at first`,
      servedShare >= 0.99,
    ],
    ['connections failed', `${failed}: ${codes || 'none'}`, true],
    ['no response from the platform', `${tally.hanging}, each PLATFORM_TIMEOUT`, true],
    ['aborted by the caller', String(tally.hungUp), true],
    ['tokens returned, and audited', `${tally.tokens}, ${audited}`, audited >= tally.tokens],
    [
      'resident set',
      `${last?.rssMiB.toFixed(0)} MiB, peak ${Math.max(...samples.map(({ rssMiB }) => rssMiB)).toFixed(0)} MiB`,
      true,
    ],
    [
      'growth of the resident set',
      slope === null
        ? `unknown: at least ${MIN_REQUESTS} requests are needed`
        : `${slope.toFixed(2)} MiB for 100,000 requests`,
      slope === null || slope <= 5,
    ],
    [
      'descriptors',
      `${descriptors.before} before, ${descriptors.after} after`,
      descriptors.after <= descriptors.before + 5,
    ],
    [
      'sockets of the platform',
      `peak ${platformSockets.max}, ${platformSockets.after} after`,
      platformSockets.after === 0,
    ],
    [
      'event-loop lag',
      last
        ? `p50 ${last.delayMs.p50.toFixed(1)} ms, p99 ${last.delayMs.p99.toFixed(1)} ms, peak ${last.delayMs.max.toFixed(0)} ms`
        : 'unknown',
      true,
    ],
    ['exit code on SIGTERM', String(exitCode), exitCode === 0],
  ];
  for (const [what, figure, isFine] of rows)
    process.stdout.write(`${isFine ? ' ' : '✗'} ${what.padEnd(32)} ${figure}\n`);
  for (const sentence of tally.wrong.slice(0, 10)) process.stdout.write(`  wrong: ${sentence}\n`);
  return rows.every(([, , isFine]) => isFine);
}
