import { readServeConfiguration, type ServeConfiguration } from '../../server/config/configuration.js';
import { ConfigurationError, type Environment } from '../../server/config/environment.js';
import { knownVariables } from '../../server/config/variables.js';

/** A configuration of `serve` as far as it can be used. */
export interface UsableConfiguration {
  readonly configuration: ServeConfiguration;
  /** Everything that is wrong with the environment variables, as `serve` says it. */
  readonly problems: readonly string[];
  /** The variables in whose place the configuration has a stand-in: nothing may be done with it. */
  readonly broken: ReadonlySet<string>;
}

/** In the place of a variable without which there is no configuration, or no check to skip; any other is left out. */
const STAND_INS: Environment = {
  XKIT_PUBLISHABLE_KEY: 'unknown',
  XKIT_SECRET_KEY: 'unknown',
  XKIT_POLICY_FILE: 'unknown',
  XKIT_SLUG: 'unknown',
  XKIT_REDIS_URL: 'redis://unknown',
  XKIT_METRICS_PORT: '0',
};

/** Reads the configuration of `serve`, and goes on without the variables that are wrong. */
export function readUsableConfiguration(environment: Environment): UsableConfiguration {
  let problems: readonly string[] = [];
  const broken = new Set<string>();
  let usable = environment;
  for (;;) {
    try {
      return { configuration: readServeConfiguration(usable), problems, broken };
    } catch (error) {
      const isNew = error instanceof ConfigurationError && error.variables.some((name) => !broken.has(name));
      if (!isNew) throw error;
      // Those that come up later are about the stand-ins.
      if (broken.size === 0) problems = error.problems;
      for (const name of error.variables) broken.add(name);
      // An unknown variable may be this one misspelt: the keys would go to another host than was meant.
      if (!environment['XKIT_API_URL'] && error.variables.some(isUnknown)) broken.add('XKIT_API_URL');
      // A slug and a URL are two names of one thing.
      if (broken.has('XKIT_CATALOG_URL')) broken.add('XKIT_SLUG');
      if (broken.has('XKIT_SLUG')) broken.add('XKIT_CATALOG_URL');
      usable = replaceBroken(environment, broken);
    }
  }
}

function isUnknown(name: string): boolean {
  return name.startsWith('XKIT_') && !knownVariables.has(name);
}

function replaceBroken(environment: Environment, broken: ReadonlySet<string>): Environment {
  const isBroken = (name: string) => broken.has(name) || broken.has(name.replace(/_FILE$/, ''));
  return Object.fromEntries([
    ...Object.entries(environment).filter(([name]) => !isBroken(name)),
    ...Object.entries(STAND_INS).filter(([name]) => broken.has(name)),
  ]);
}
