import { type Check, failed, ok } from './check.js';
import type { UsableConfiguration } from './usable-configuration.js';

/** Lists what is wrong with the environment variables. */
export function createConfigurationCheck({ problems }: UsableConfiguration): Check {
  return {
    id: 'configuration',
    title: 'Configuration',
    run: () =>
      problems.length === 0
        ? ok('The environment variables can work.')
        : failed(problems, 'Put these variables right: xkit-graphql serve --help lists them all.'),
  };
}
