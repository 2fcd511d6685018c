import { readServeConfiguration } from './configuration.js';
import type { Environment } from './environment.js';
import { createLogger } from './logger.js';
import type { RunningServer } from './running-server.js';
import { startServing } from './start-serving.js';

export { ConfigurationError, type Environment } from './environment.js';
export { ListenError } from './listen.js';
export { PolicyFileError } from './policy-file.js';
export type { RunningServer } from './running-server.js';

/**
 * Starts the server of `xkit-graphql serve` inside another program. What it does on signals is that program's to decide.
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
  return startServing(configuration, createLogger(configuration.logLevel));
}
