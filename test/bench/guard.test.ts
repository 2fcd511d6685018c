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

/** By how much the limit's own samples may differ before the machine is too noisy to tell anything. */
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

// Half as much again, at least, as it has taken on any machine (docs/performance.md): who makes it cheaper lowers the bound.
it.for<[string, number]>([
  ['W1', 5],
  ['W2', 3],
  ['W3', 3.5],
  ['W4', 3.5],
  ['W5', 3],
])('takes no more of the processors for %s than %d times the limit on Node', async ([workload, bound], { skip }) => {
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
