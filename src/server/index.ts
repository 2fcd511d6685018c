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
 * Starts the server of `xkit-graphql serve` inside another program. What it does on signals is that program's to decide,
 * and whether there are traces: it takes the SDK of OpenTelemetry that is registered, if one is.
 *
 * @param environment the variables of `xkit-graphql serve --help`; `process.env` has to be named, nothing is taken from it
 * @throws {ConfigurationError} with every problem of the variables
 * @throws {PolicyFileError} with every problem of the policy file
 * @throws {ListenError} if the port cannot be opened
 * @example
 * const server = await startServer(process.env);
 * process.once('SIGTERM', () => server.close());
 */
export async function startServer(environment: Environment): Promise<RunningServer> {
  const configuration = readServeConfiguration(environment);
  // An SDK is for that program to start.
  return start(configuration, createLogger(configuration.logLevel), await findTracing());
}
