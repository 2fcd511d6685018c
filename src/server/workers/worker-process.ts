import cluster from 'node:cluster';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { MetricsData } from '../metrics/metrics.js';
import { ReportedFailure } from '../command-line/report-failure.js';
import type { PrimaryMessage, WorkerMessage } from './worker-messages.js';

/** A worker, as its primary sees it. */
export interface WorkerProcess {
  readonly pid: number;
  /** Is fulfilled with the root of the web server once it takes requests, and rejects if it ends before. */
  readonly ready: Promise<string>;
  /** Is fulfilled when it has ended, with its exit code, or the signal that ended it. */
  readonly ended: Promise<string>;
  tell(message: PrimaryMessage): void;
  /** Asks for what it has counted; null if it does not answer in time. */
  readMetrics(timeoutMs: number): Promise<MetricsData | null>;
  /** Ends it at once. */
  kill(): void;
}

/** Starts a worker: the program of `worker.ts`, with the environment of this process. */
export function forkWorker(): WorkerProcess {
  cluster.setupPrimary({ exec: fileURLToPath(new URL('../workers/worker.js', import.meta.url)), args: [] });
  const worker = cluster.fork();
  // Of a message that comes too late for it.
  worker.on('error', () => undefined);
  const ended = once(worker, 'exit').then(([code, signal]) => String(signal ?? code));
  const questions = new Map<number, (metrics: MetricsData | null) => void>();
  let asked = 0;
  worker.on('message', (message: WorkerMessage) => {
    if (message.type === 'xkit-metrics') questions.get(message.question)?.(message.metrics);
  });
  void ended.then(() => questions.forEach((answer) => answer(null)));

  const ready = new Promise<string>((resolve, reject) => {
    worker.on('message', (message: WorkerMessage) => {
      if (message.type === 'xkit-ready') resolve(message.url);
      if (message.type === 'xkit-failed') reject(new ReportedFailure(message));
    });
    void ended.then((how) =>
      reject(new ReportedFailure({ text: `A worker ended before it was ready: ${how}`, exitCode: 1 })),
    );
  });
  // Not everybody waits for it.
  ready.catch(() => undefined);

  return {
    pid: worker.process.pid ?? 0,
    ready,
    ended,
    tell: (message) => void worker.send(message),
    readMetrics: async (timeoutMs) =>
      new Promise((resolve) => {
        const question = (asked += 1);
        const answer = (metrics: MetricsData | null) => {
          clearTimeout(timer);
          questions.delete(question);
          resolve(metrics);
        };
        const timer = setTimeout(answer, timeoutMs, null);
        questions.set(question, answer);
        worker.send({ type: 'xkit-read-metrics', question } satisfies PrimaryMessage);
      }),
    kill: () => void worker.process.kill('SIGKILL'),
  };
}
