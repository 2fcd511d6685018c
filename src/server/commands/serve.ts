import { defineCommand } from 'citty';

import { readServeConfiguration } from '../configuration.js';
import { createLogger } from '../logger.js';
import { runUntilSignal } from '../run-until-signal.js';
import { start } from '../start.js';

/** Serves GraphQL over the Platform API. */
export const serve = defineCommand({
  meta: { name: 'serve', description: 'Serves GraphQL over the Platform API, configured by environment variables' },
  async run() {
    const configuration = readServeConfiguration();
    const logger = createLogger(configuration.logLevel);
    await runUntilSignal(logger, async () => {
      const server = await start({ ...configuration, logger });
      // Not a log line: it has to be read at every log level.
      process.stderr.write(toWarning(server.url));
      logger.info({ event: 'listening', url: `${server.url}/graphql` }, 'listening');
      return server.close;
    });
  },
});

function toWarning(url: string): string {
  return `OPEN: callers are not authenticated yet. Every program on this machine can read every user's access token at
${url}/graphql. It listens on a loopback address only: do not forward or proxy anything to it.
`;
}
