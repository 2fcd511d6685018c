import { readServeConfiguration } from '../configuration/configuration.js';
import { createLogger } from '../logs/logger.js';
import { createMetrics, type Metrics } from '../metrics/metrics.js';
import { reportFailure } from '../command-line/report-failure.js';
import type { RunningServer } from '../running-server.js';
import { startGraphql } from '../start-graphql.js';
import { openTracing } from '../tracing/open-tracing.js';
import { setV8Flags } from '../v8-flags.js';
import type { PrimaryMessage, WorkerMessage } from './worker-messages.js';

// The program of a worker of `serve --workers`: server/workers/workers.ts starts it, and it ends with that process, which is
// what node:cluster does with a worker that has lost its primary.

try {
  await run();
} catch (error) {
  const report = reportFailure(error, 'serve');
  process.send?.({ type: 'xkit-failed', ...report } satisfies WorkerMessage, () => process.exit(report.exitCode));
}

async function run(): Promise<void> {
  setV8Flags();
  const configuration = readServeConfiguration();
  const logger = createLogger(configuration.logLevel, { pid: process.pid });
  const metrics = configuration.metricsPort === null ? undefined : createMetrics(configuration.connectors);
  const starting = openTracing(configuration.traces, logger).then((tracing) =>
    startGraphql(configuration, logger, { metrics, tracing, isWorker: true }),
  );

  // A terminal and some process managers signal everybody. What a worker does the primary tells it.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
  process.on('message', (message: PrimaryMessage) => {
    switch (message.type) {
      case 'xkit-stop':
        // A start that fails is reported below.
        return void starting.then(stop).catch(() => undefined);
      case 'xkit-reload':
        // What is read before the start is done may be from before the change.
        return void starting.then(({ reload }) => reload()).catch(() => undefined);
      case 'xkit-read-metrics':
        return void answer(message.question, metrics).catch(() => undefined);
    }
  });
  const { url } = await starting;
  tell({ type: 'xkit-ready', url });
}

async function stop({ close }: RunningServer): Promise<void> {
  await close();
  process.exit(0);
}

async function answer(question: number, metrics: Metrics | undefined): Promise<void> {
  tell({ type: 'xkit-metrics', question, metrics: (await metrics?.toData()) ?? [] });
}

function tell(message: WorkerMessage): void {
  process.send?.(message);
}
