import { readServeConfiguration } from '../../src/server/config/configuration.js';
import { ConfigurationError, type Environment } from '../../src/server/config/environment.js';

/** Lists what `serve` says against an environment; nothing if it takes it. */
export function problemsOf(environment: Environment): readonly string[] {
  try {
    readServeConfiguration(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}
