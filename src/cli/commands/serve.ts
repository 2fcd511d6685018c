import type { CommandDef } from 'citty';
import { readServeConfiguration } from '../../server/config/configuration.js';
import { runUntilSignal } from '../../server/signals.js';
import { start } from '../../server/start.js';
import { createLogger } from '../../server/telemetry/logger.js';
import { openTracing } from '../../server/telemetry/open-tracing.js';
import { setV8Flags } from '../v8-flags.js';

/** Serves GraphQL over the Platform API. */
export const serve: CommandDef = {
  meta: { name: 'serve', description: 'Serves GraphQL over the Platform API, configured by environment variables' },
  async run() {
    setV8Flags();
    const configuration = readServeConfiguration();
    const logger = createLogger(configuration.logLevel);
    const run = async () => {
      const server = await start(configuration, logger, await openTracing(configuration.traces, logger));
      // Not a log line: it must appear at every log level.
      process.stderr.write(`Listening at ${server.url}/graphql\n`);
      if (server.metricsUrl !== null) process.stderr.write(`Metrics at ${server.metricsUrl}\n`);
      return server;
    };
    await runUntilSignal(logger, run, configuration.drainDelayMs);
  },
};
