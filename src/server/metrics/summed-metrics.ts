import type { Logger } from 'pino';
import { AggregatorRegistry } from 'prom-client';

import type { MetricsData } from './metrics.js';
import type { WorkerProcess } from '../workers/worker-process.js';

/** How long a worker may take to say what it has counted, in milliseconds. */
const TIMEOUT_MS = 1_000;

/** The metrics of all workers together. */
export interface SummedMetrics {
  /** Writes the text format of Prometheus. */
  readonly toText: () => Promise<string>;
  /** Keeps what a worker has counted that has ended. */
  readonly retire: (worker: WorkerProcess) => void;
}

/**
 * Creates the sum of the workers' metrics, of the event loop's delay the highest.
 *
 * A worker that does not answer is left out. Only what it had counted before stays, and that of workers that have ended
 * as well: to Prometheus a counter that goes down has begun at zero again, and all that the others ever counted would
 * be new.
 *
 * @param findWorkers lists those that are ready
 */
export function createSummedMetrics(findWorkers: () => readonly WorkerProcess[], logger: Logger): SummedMetrics {
  const lastCounts = new Map<WorkerProcess, MetricsData>();
  let retired: MetricsData = [];

  const read = async (worker: WorkerProcess): Promise<MetricsData> => {
    const metrics = await worker.readMetrics(TIMEOUT_MS);
    if (metrics === null) {
      const { pid } = worker;
      logger.warn({ event: 'metrics-missing', worker: pid }, `metrics: worker ${pid} does not answer and is left out`);
      return lastCounts.get(worker) ?? [];
    }
    lastCounts.set(worker, metrics.filter(onlyGrows));
    return metrics;
  };

  return {
    toText: async () => {
      const answers = await Promise.all(findWorkers().map(read));
      return aggregate([...answers, retired]).metrics();
    },
    retire: (worker) => {
      retired = aggregate([retired, lastCounts.get(worker) ?? []]).getMetricsAsArray() as unknown as MetricsData;
      lastCounts.delete(worker);
    },
  };
}

function aggregate(all: readonly MetricsData[]) {
  return AggregatorRegistry.aggregate(all as unknown as object[]);
}

function onlyGrows({ type }: MetricsData[number]): boolean {
  // A word, and not the number that prom-client's types say.
  return ['counter', 'histogram'].includes(String(type));
}
