import type { Logger } from 'pino';
import { RateLimiterClusterMaster } from 'rate-limiter-flexible';

import type { ServeConfiguration } from '../configuration/configuration.js';
import { openMetricsPort } from '../metrics/metrics-port.js';
import type { RunningServer } from '../running-server.js';
import { createSummedMetrics } from '../metrics/summed-metrics.js';
import { createSupervisor } from './supervise.js';
import { forkWorker, type WorkerProcess } from './worker-process.js';

/** Time that a worker has to finish, beside that of its lookups, in milliseconds; its own bound is shorter. */
const KILL_MARGIN_MS = 5_000;

/** Workers that are running. */
export interface RunningWorkers extends RunningServer {
  /** Rejects when workers end at their start again and again. */
  readonly failed: Promise<never>;
}

/**
 * Starts so many workers, which share one port; this process counts the operations of callers for all of them, serves
 * the sum of their metrics, and replaces a worker that ends.
 *
 * One starts before the others, so that what hinders it is said once.
 *
 * @throws {ReportedFailure} with what hinders a worker
 * @throws {ListenError} if the port of the metrics cannot be opened
 */
export async function startWorkers(
  configuration: ServeConfiguration,
  count: number,
  logger: Logger,
): Promise<RunningWorkers> {
  const running = new Set<WorkerProcess>();
  const ready = new Set<WorkerProcess>();
  const stopping = new AbortController();
  const metrics = createSummedMetrics(() => [...ready], logger);
  const metricsPort = configuration.metricsPort && (await openMetricsPort(configuration.metricsPort, metrics.toText));
  if (configuration.redisUrl === undefined) void new RateLimiterClusterMaster();
  // A worker that is stuck does not notice that this process is gone.
  process.once('exit', () => running.forEach((worker) => worker.kill()));

  const forget = (worker: WorkerProcess) => {
    running.delete(worker);
    if (ready.delete(worker)) metrics.retire(worker);
  };

  const launch = (): WorkerProcess => {
    const worker = forkWorker();
    running.add(worker);
    void worker.ready.then(() => ready.add(worker)).catch(() => undefined);
    void worker.ended.then(() => forget(worker));
    return worker;
  };

  const close = async () => {
    stopping.abort();
    const tooLate = setTimeout(() => {
      for (const worker of running) {
        logger.error({ event: 'worker-stuck', worker: worker.pid }, `worker ${worker.pid} does not end: killed`);
        worker.kill();
      }
    }, configuration.deadlineMs + KILL_MARGIN_MS);
    const ended = [...running].map((worker) => {
      worker.tell({ type: 'xkit-stop' });
      return worker.ended;
    });
    await Promise.all(ended);
    clearTimeout(tooLate);
    await metricsPort?.close();
  };

  try {
    const first = launch();
    const url = await first.ready;
    const others = Array.from({ length: count - 1 }, launch);
    await Promise.all(others.map((worker) => worker.ready));
    const isAnyReady = () => ready.size > 0;
    const supervise = createSupervisor({ launch, isAnyReady, stopping: stopping.signal, logger });
    const failed = Promise.race([first, ...others].map(supervise));
    return {
      url,
      metricsUrl: metricsPort && `${metricsPort.url}/metrics`,
      reload: async () => running.forEach((worker) => worker.tell({ type: 'xkit-reload' })),
      close,
      failed: failed.catch(async (error: unknown) => {
        await close();
        throw error;
      }),
    };
  } catch (error) {
    await close();
    throw error;
  }
}
