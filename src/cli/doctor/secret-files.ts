import { stat } from 'node:fs/promises';

import { type Environment, FILE_VARIABLES } from '../../server/config/environment.js';
import { type Check, ok, warning } from './check.js';

const READABLE_BY_OTHERS = 0o004;

/** Looks who may read the files that hold secrets. */
export function createSecretFilesCheck(environment: Environment, broken: ReadonlySet<string>): Check {
  // A publishable key is no secret, and a file that cannot be read is a problem of the configuration.
  const secrets = FILE_VARIABLES.filter((name) => name !== 'XKIT_PUBLISHABLE_KEY' && !broken.has(name));
  const files = secrets.flatMap((name) => {
    const path = environment[`${name}_FILE`];
    return path ? [{ variable: `${name}_FILE`, path }] : [];
  });
  return {
    id: 'secret-files',
    title: 'Files of secrets',
    run: async () => {
      if (files.length === 0) return ok('None is named: the secrets are in variables.');
      const modes = await Promise.all(files.map(async ({ path }) => (await stat(path)).mode));
      const open = files.filter((_, index) => ((modes[index] ?? 0) & READABLE_BY_OTHERS) !== 0);
      if (open.length === 0) return ok('Only their owner and group may read them.');
      return warning(
        open.map(({ variable }) => `Everybody on this machine may read the file of ${variable}.`),
        `Take that right away: ${open.map(({ variable }) => `chmod o-r "$${variable}"`).join('; ')}. In Kubernetes: defaultMode 0440.`,
      );
    },
  };
}
