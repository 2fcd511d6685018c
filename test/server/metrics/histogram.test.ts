import fc from 'fast-check';
import { AggregatorRegistry, Histogram, Registry } from 'prom-client';
import { expect, it } from 'vitest';

import { addHistogram } from '../../../src/server/metrics/histogram.js';

const OPTIONS = { name: 'duration_seconds', help: 'How long it took' };
const STATUSES = ['2xx', '5xx'];

it("writes what prom-client's own histogram would, of one process and of several", async () => {
  const seconds = fc.oneof(fc.constantFrom(0, 0.005, 0.01, 10), fc.double({ min: 0, max: 20, noNaN: true }));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...STATUSES), seconds)), async (observations) => {
      const [ours, theirs] = [new Registry(), new Registry()];
      const add = addHistogram(ours, OPTIONS);
      const histogram = new Histogram({ ...OPTIONS, labelNames: ['status'], registers: [theirs] });
      const byStatus = new Map(STATUSES.map((status) => [status, add({ status })]));
      for (const status of STATUSES) histogram.zero({ status });
      for (const [status, value] of observations) {
        byStatus.get(status)?.observe(value);
        histogram.observe({ status }, value);
      }
      expect(await ours.metrics()).toBe(await theirs.metrics());
      expect(await sumOf(ours, ours)).toBe(await sumOf(theirs, theirs));
    }),
    { numRuns: 50 },
  );
});

it('needs no labels', async () => {
  const registry = new Registry();
  addHistogram(registry, OPTIONS)({}).observe(0.02);
  expect(await registry.metrics()).toContain('duration_seconds_bucket{le="0.025"} 1\n');
  expect(await registry.metrics()).toContain('duration_seconds_count 1\n');
});

/** As the primary of several workers writes what they hand to it. */
async function sumOf(...registries: Registry[]): Promise<string> {
  const data = await Promise.all(registries.map((registry) => registry.getMetricsAsJSON()));
  return AggregatorRegistry.aggregate(JSON.parse(JSON.stringify(data)) as object[]).metrics();
}
