import type { CommandDef } from 'citty';

import { UsageError } from '../command-line/arguments.js';
import { readServeConfiguration } from '../configuration/configuration.js';
import { createLogger } from '../logs/logger.js';
import { runUntilSignal } from '../run-until-signal.js';
import { startServing } from '../start-serving.js';
import { openTracing } from '../tracing/open-tracing.js';
import { setV8Flags } from '../v8-flags.js';
import { startWorkers } from '../workers/workers.js';

const MAX_WORKERS = 64;

/** Serves GraphQL over the Platform API. */
export const serve: CommandDef = {
  meta: { name: 'serve', description: 'Serves GraphQL over the Platform API, configured by environment variables' },
  args: {
    workers: {
      type: 'string',
      default: '1',
      valueHint: 'N',
      description: 'Processes that share the port, 1 to 64; see docs/operations.md',
    },
  },
  async run({ args }) {
    const workers = parseWorkers(String(args['workers']));
    setV8Flags();
    const configuration = readServeConfiguration();
    const logger = createLogger(configuration.logLevel);
    await runUntilSignal(logger, async () => {
      const server =
        workers === 1
          ? await startServing(configuration, logger, await openTracing(configuration.traces, logger))
          : await startWorkers(configuration, workers, logger);
      // Not a log line: it has to be read at every log level.
      process.stderr.write(`Listening at ${server.url}/graphql\n`);
      if (server.metricsUrl !== null) process.stderr.write(`Metrics at ${server.metricsUrl}\n`);
      return server;
    });
  },
};

function parseWorkers(text: string): number {
  const count = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MAX_WORKERS) return count;
  throw new UsageError(`--workers must be a whole number from 1 to ${MAX_WORKERS}.`, 'xkit-graphql serve');
}
