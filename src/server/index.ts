import { readServeConfiguration } from './config/configuration.js';
import type { Environment } from './config/environment.js';
import { createLogger } from './telemetry/logger.js';
import type { RunningServer } from './running-server.js';
import { start } from './start.js';
import { findTracing } from './telemetry/open-tracing.js';

export { ConfigurationError, type Environment } from './config/environment.js';
export { ListenError } from './http/listen.js';
export { PolicyFileError } from './auth/policy-file.js';
export type { RunningServer } from './running-server.js';

/**
 * Starts the server of `xkit-graphql serve` inside another program. That program handles the signals, so
 * `XKIT_DRAIN_DELAY_MS` has no effect. It also decides about traces: the server uses the OpenTelemetry SDK that is
 * registered, if there is one.
 *
 * @param environment the variables of `xkit-graphql serve --help`; `process.env` is read only if you pass it
 * @throws {ConfigurationError} with every problem of the variables
 * @throws {PolicyFileError} with every problem of the policy file
 * @throws {ListenError} if the port cannot be opened
 * @example
 * const server = await startServer(process.env);
 * process.once('SIGTERM', () => {
 *   server.announceClose();
 *   setTimeout(() => void server.close(), 5_000);
 * });
 */
export async function startServer(environment: Environment): Promise<RunningServer> {
  const configuration = readServeConfiguration(environment);
  // Starts no SDK, because that is up to the calling program.
  return start(configuration, createLogger(configuration.logLevel), await findTracing());
}
