import { setTimeout as sleep } from 'node:timers/promises';

import type { Logger } from 'pino';

import { type FailureReport, ReportedFailure, reportFailure } from '../command-line/report-failure.js';
import type { WorkerProcess } from './worker-process.js';

/** Pause before a worker that has ended is replaced, in milliseconds; it doubles each time. */
const MIN_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;
/** How long a worker has to live for the next pause to be short again, in milliseconds. */
const CALM_MS = 10_000;
/** Starts in a row that may fail while no worker takes requests. */
const MAX_FAILED_STARTS = 5;

/** Configures {@link createSupervisor}. */
interface SupervisorOptions {
  readonly launch: () => WorkerProcess;
  /** Whether some worker takes requests. */
  readonly isAnyReady: () => boolean;
  /** Aborts when nothing is to be replaced any more. */
  readonly stopping: AbortSignal;
  readonly logger: Logger;
}

/**
 * Creates what replaces a worker whenever it ends, and its replacement.
 *
 * @returns rejects with a {@link ReportedFailure} once five starts in a row have failed and no worker takes requests.
 *   As long as one does it goes on: few are better than none
 */
export function createSupervisor(options: SupervisorOptions): (worker: WorkerProcess) => Promise<never> {
  const { launch, isAnyReady, stopping, logger } = options;
  let failedStarts = 0;

  const judge = ({ pid }: WorkerProcess, { text }: FailureReport) => {
    failedStarts += 1;
    logger.error({ event: 'worker-failed', worker: pid, problem: text }, `worker ${pid} could not start`);
    if (failedStarts < MAX_FAILED_STARTS || isAnyReady()) return;
    throw new ReportedFailure({ text: `No worker can start any more. The last one said:\n${text}`, exitCode: 1 });
  };

  return async (worker) => {
    let pauseMs = MIN_PAUSE_MS;
    for (let current = worker; ;) {
      const startedAt = performance.now();
      const how = await current.ended;
      if (stopping.aborted) break;
      // It has ended: either it was ready before, or it never will be.
      const failure = await current.ready.then(() => null, reportFailure);
      if (failure) judge(current, failure);
      if (performance.now() - startedAt > CALM_MS) pauseMs = MIN_PAUSE_MS;
      logger.error(
        { event: 'worker-ended', worker: current.pid, how, pauseMs },
        `worker ${current.pid} ended (${how}): another one starts in ${pauseMs} ms`,
      );
      await sleep(pauseMs, undefined, { signal: stopping }).catch(() => undefined);
      if (stopping.aborted) break;
      pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS);
      current = launch();
      void current.ready.then(() => (failedStarts = 0)).catch(() => undefined);
    }
    return new Promise(() => undefined);
  };
}
