import type { Logger } from 'pino';

import type { ServeConfiguration } from './configuration/configuration.js';
import { createMetrics } from './metrics/metrics.js';
import { openMetricsPort } from './metrics/metrics-port.js';
import type { RunningServer } from './running-server.js';
import { startGraphql } from './start-graphql.js';
import type { Tracing } from './tracing/tracing.js';

/**
 * Starts the server that a configuration describes, in this process: {@link startGraphql}, and the port of the metrics.
 *
 * @throws {ConfigurationError} if the audit log cannot be opened, or a package is missing
 * @throws {PolicyFileError} with every problem of the policy file
 * @throws {ListenError} if a port cannot be opened
 * @throws {ManifestError} if a trusted document cannot be executed
 */
export async function startServing(
  configuration: ServeConfiguration,
  logger: Logger,
  tracing: Tracing | null,
): Promise<RunningServer> {
  if (configuration.metricsPort === null) return startGraphql(configuration, logger, { tracing });
  const metrics = createMetrics(configuration.connectors);
  const server = await startGraphql(configuration, logger, { metrics, tracing });
  const metricsPort = await openMetricsPort(configuration.metricsPort, metrics.toText).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  return {
    ...server,
    metricsUrl: `${metricsPort.url}/metrics`,
    close: async () => {
      // Whoever watches sees the end as well.
      await server.close();
      await metricsPort.close();
    },
  };
}
