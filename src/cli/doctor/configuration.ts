import { readServeConfiguration, type ServeConfiguration } from '../../server/config/configuration.js';
import { ConfigurationError, type Environment } from '../../server/config/environment.js';
import { knownVariables } from '../../server/config/variables.js';
import { type Check, failed, ok } from './check.js';

/** The usable part of a configuration of `serve`. */
export interface UsableConfiguration {
  readonly configuration: ServeConfiguration;
  /** All problems of the environment variables, as `serve` reports them. */
  readonly problems: readonly string[];
  /** Variables that the configuration replaces by a placeholder. Do not use their values. */
  readonly broken: ReadonlySet<string>;
}

/** Placeholders for variables that the configuration or a skipped check needs. Other broken variables are omitted. */
const PLACEHOLDERS: Environment = {
  XKIT_PUBLISHABLE_KEY: 'unknown',
  XKIT_SECRET_KEY: 'unknown',
  XKIT_POLICY_FILE: 'unknown',
  XKIT_SLUG: 'unknown',
  XKIT_REDIS_URL: 'redis://unknown',
  XKIT_METRICS_PORT: '0',
};

/** Reads the configuration of `serve` without its invalid variables. */
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
      // Later problems are about placeholders.
      if (broken.size === 0) problems = error.problems;
      for (const name of error.variables) broken.add(name);
      // An unknown variable may be a misspelled XKIT_API_URL: the keys would go to another host than intended.
      if (!environment['XKIT_API_URL'] && error.variables.some(isUnknown)) broken.add('XKIT_API_URL');
      // A slug and a URL are two ways to name the catalog.
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
    ...Object.entries(PLACEHOLDERS).filter(([name]) => broken.has(name)),
  ]);
}

/** Lists the problems of the environment variables. */
export function createConfigurationCheck({ problems }: UsableConfiguration): Check {
  return {
    id: 'configuration',
    title: 'Configuration',
    run: () =>
      problems.length === 0
        ? ok('The environment variables are valid.')
        : failed(problems, 'Fix these variables. xkit-graphql serve --help lists all variables.'),
  };
}
