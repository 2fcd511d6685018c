import type { LoadOrder, LoadReport } from './load.js';
import { readCpu } from './proc.js';
import { KEY, type Load, type Target } from './processes.js';

/** The load process of a run, and how far it has got in the users: no two requests of a run ask about the same. */
export interface Bench {
  readonly send: Load['send'];
  start: number;
  /** Is told of each measurement that is done, for a progress bar. */
  readonly onStep: () => void;
}

/** How something is measured. */
export interface MeasureOptions {
  readonly workload: string;
  readonly concurrency: number;
  /** How long to warm each target up before, in milliseconds: V8 takes its time to compile. */
  readonly warmUpMs: number;
  readonly repetitions: number;
  /** How long one repetition takes, in milliseconds. */
  readonly ms: number;
}

/** What one repetition came to. */
export interface Sample {
  /** Of the processors, user and system, in microseconds for each request: the whole process, its threads and its children. */
  readonly cpu: number;
  readonly perSecond: number;
  /** In milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** The middle of several repetitions, and their ends. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Measures targets under the same load, in turns: what disturbs the machine for a while disturbs all of them.
 *
 * @returns the samples of each target, in order
 */
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

/** Sends each target the load without measuring anything. */
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
    throw new Error(`${name} answered ${report.errors} of ${report.requests} of ${workload} wrongly.`);
  bench.onStep();
  return report;
}

/** How many measurements {@link measure} makes, for a progress bar. */
export function countSteps(targets: number, { repetitions }: MeasureOptions): number {
  return targets * (repetitions + 1);
}

/** Gives the spread of one figure over the samples. */
export function spread(samples: readonly Sample[], figure: keyof Sample): Spread {
  return toSpread(samples.map((sample) => sample[figure]));
}

/**
 * Gives the spread of a figure's ratio to that of another target, repetition by repetition: the two were measured one
 * right after the other.
 */
export function ratio(samples: readonly Sample[], base: readonly Sample[], figure: keyof Sample): Spread {
  return toSpread(samples.map((sample, index) => sample[figure] / (base[index]?.[figure] ?? Number.NaN)));
}

/** Finds the middle and the ends of numbers. */
export function toSpread(numbers: readonly number[]): Spread {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [min = Number.NaN] = sorted;
  return { median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN, min, max: sorted.at(-1) ?? Number.NaN };
}
