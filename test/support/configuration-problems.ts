import { readServeConfiguration } from '../../src/server/config/configuration.js';
import { ConfigurationError, type Environment } from '../../src/server/config/environment.js';

/** Returns the problems that `serve` reports for an environment. */
export function problemsOf(environment: Environment): readonly string[] {
  try {
    readServeConfiguration(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}
