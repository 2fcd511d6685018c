import { defineCommand } from 'citty';

import { readServeConfiguration } from '../configuration.js';
import { createLogger } from '../logger.js';
import { runUntilSignal } from '../run-until-signal.js';
import { startServing } from '../serve.js';

/** Serves GraphQL over the Platform API. */
export const serve = defineCommand({
  meta: { name: 'serve', description: 'Serves GraphQL over the Platform API, configured by environment variables' },
  async run() {
    const configuration = readServeConfiguration();
    const logger = createLogger(configuration.logLevel);
    await runUntilSignal(logger, async () => {
      const server = await startServing(configuration, logger);
      // Not a log line: it has to be read at every log level.
      process.stderr.write(`Listening at ${server.url}/graphql\n`);
      if (server.metricsUrl !== null) process.stderr.write(`Metrics at ${server.metricsUrl}\n`);
      return server;
    });
  },
});
