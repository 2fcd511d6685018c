import type { LoadOrder, LoadReport } from './load.js';
import { readCpu } from './proc.js';
import { KEY, type Load, type Target } from './processes.js';

/** The load generator of a run, and its position in the users. Concurrent requests never share a user. */
export interface Bench {
  readonly send: Load['send'];
  start: number;
  /** Called after each measurement, for a progress bar. */
  readonly onStep: () => void;
}

/** Configures {@link measure}. */
export interface MeasureOptions {
  readonly workload: string;
  readonly concurrency: number;
  /** Warm-up of each target, in milliseconds, because V8 needs time to compile. */
  readonly warmUpMs: number;
  readonly repetitions: number;
  /** Duration of one repetition, in milliseconds. */
  readonly ms: number;
}

/** The result of one repetition. */
export interface Sample {
  /** CPU microseconds per request, user and system, of the process with its threads and children. */
  readonly cpu: number;
  readonly perSecond: number;
  /** In milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Median and range of several repetitions. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Measures targets in turns, so that a disturbance of the machine affects all. Returns the samples by target. */
export async function measure(bench: Bench, targets: readonly Target[], options: MeasureOptions): Promise<Sample[][]> {
  const { repetitions, ms } = options;
  await warmUp(bench, targets, options);
  const samples: Sample[][] = targets.map(() => []);
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    for (const [index, target] of targets.entries()) {
      const before = readCpu(target.pid);
      const { requests, ms: took, p50, p99 } = await send(bench, target, options, ms);
      const cpu = (readCpu(target.pid) - before) / requests;
      samples[index]?.push({ cpu, perSecond: (requests / took) * 1_000, p50, p99 });
    }
  }
  return samples;
}

/** Sends each target the load without measuring it. */
export async function warmUp(bench: Bench, targets: readonly Target[], options: MeasureOptions): Promise<void> {
  for (const target of targets) await send(bench, target, options, options.warmUpMs);
}

async function send(
  bench: Bench,
  target: Target,
  { workload, concurrency }: MeasureOptions,
  ms: number,
): Promise<LoadReport> {
  const { url, name } = target;
  const order: LoadOrder = { url, key: KEY, workload, target: name, concurrency, ms, start: bench.start };
  const report = await bench.send(order);
  bench.start = report.next;
  if (report.errors > 0)
    throw new Error(`${name} gave a wrong response to ${report.errors} of ${report.requests} requests of ${workload}.`);
  bench.onStep();
  return report;
}

/** Returns the number of measurements of {@link measure}, for a progress bar. */
export function countSteps(targets: number, { repetitions }: MeasureOptions): number {
  return targets * (repetitions + 1);
}

/** Returns the spread of one figure of the samples. */
export function spread(samples: readonly Sample[], figure: keyof Sample): Spread {
  return toSpread(samples.map((sample) => sample[figure]));
}

/** Returns the spread of the ratio to another target. Each repetition measures both targets within one round. */
export function ratio(samples: readonly Sample[], base: readonly Sample[], figure: keyof Sample): Spread {
  return toSpread(samples.map((sample, index) => sample[figure] / (base[index]?.[figure] ?? Number.NaN)));
}

/** Returns the spread of a list of numbers. */
export function toSpread(numbers: readonly number[]): Spread {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [min = Number.NaN] = sorted;
  return { median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN, min, max: sorted.at(-1) ?? Number.NaN };
}
