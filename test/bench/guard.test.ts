import { afterAll, beforeAll, expect, it } from 'vitest';

import { type Bench, measure, ratio, spread } from '../../bench/measure.js';
import {
  type Load,
  type Platform,
  startGateway,
  startLoad,
  startPeer,
  startPlatform,
  type Target,
} from '../../bench/processes.js';
import { printFigure } from '../support/faults.js';

/** The highest ratio between samples of the limit. Above it, the machine is too noisy for a verdict. */
const MAX_NOISE = 1.8;

let platform: Platform;
let load: Load;
let targets: Target[];
let bench: Bench;
beforeAll(async () => {
  platform = await startPlatform();
  load = startLoad();
  targets = [await startPeer('limit', platform.url), await startGateway(platform.url)];
  bench = { send: load.send, start: 0, onStep: () => undefined };
});
afterAll(async () => {
  await Promise.all(targets.map((target) => target.stop()));
  load.stop();
  platform.stop();
});

// Each bound is at least 1.5 times the highest value measured on any machine (docs/performance.md). Lower a bound when
// the gateway uses less CPU time.
it.for<[string, number]>([
  ['W1', 5],
  ['W2', 3],
  ['W3', 3.5],
  ['W4', 3.5],
  ['W5', 3],
])('uses for %s at most %d times the CPU time of the limit on Node', async ([workload, bound], { skip }) => {
  const options = { workload, concurrency: 16, warmUpMs: 1_500, repetitions: 5, ms: 300 };
  const [limit = [], ours = []] = await measure(bench, targets, options);
  const { min, max } = spread(limit, 'cpu');
  const times = ratio(ours, limit, 'cpu');
  const figure = `${workload}: ${times.median.toFixed(2)} (${times.min.toFixed(2)}–${times.max.toFixed(2)}) times the limit`;
  printFigure(figure);
  skip(
    max / min > MAX_NOISE,
    `The machine is too noisy to tell: the limit itself took ${min.toFixed(0)} to ${max.toFixed(0)} µs.`,
  );
  expect(times.median).toBeLessThan(bound);
});
