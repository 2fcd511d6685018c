import type { Metric, MetricValueWithName, Registry } from 'prom-client';

/** Upper bounds of the buckets, in seconds: those that prom-client takes as well. */
const BOUNDS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What a histogram is called, and what it tells. */
interface HistogramOptions {
  readonly name: string;
  readonly help: string;
}

/** How long something took, of one kind, in buckets. */
export class Durations {
  /** The last one is of what took longer than any bound. */
  readonly #counts = Array.from({ length: BOUNDS.length + 1 }, () => 0);
  #sum = 0;

  constructor(readonly labels: Readonly<Record<string, string>>) {}

  /** @param seconds how long it took */
  observe(seconds: number): void {
    let bucket = 0;
    // Past the last bound there is none, and nothing is above that.
    while (seconds > (BOUNDS[bucket] ?? Infinity)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += seconds;
  }

  /** Writes them as prom-client's registry reads them: each bucket holds what is in those before it as well. */
  toValues(name: string): MetricValueWithName<string>[] {
    const { labels } = this;
    let count = 0;
    const buckets = this.#counts.map((own, bucket) => {
      count += own;
      return { metricName: `${name}_bucket`, labels: { le: BOUNDS[bucket] ?? '+Inf', ...labels }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: this.#sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  }
}

/**
 * Adds a histogram, and gives what makes the durations of it, one for each combination of labels.
 *
 * prom-client's own makes and checks a hash of the labels for each observation, as its counters do: see `tally.ts`.
 */
export function addHistogram(
  registry: Registry,
  { name, help }: HistogramOptions,
): (labels: Readonly<Record<string, string>>) => Durations {
  const all: Durations[] = [];
  const get = async () => ({
    name,
    help,
    type: 'histogram',
    aggregator: 'sum',
    values: all.flatMap((durations) => durations.toValues(name)),
  });
  // It is all that a registry asks of a metric: prom-client registers the sum of several processes as such an object, too.
  registry.registerMetric({ name, get } as unknown as Metric);
  return (labels) => {
    const durations = new Durations(labels);
    all.push(durations);
    return durations;
  };
}
