import { ConfigurationError } from './environment.js';

/**
 * Loads a module of optional packages.
 *
 * @param what the feature that needs them, for the message
 * @param packages arguments of `npm install`
 * @throws {ConfigurationError} if they are missing
 */
export async function requirePackages<Module>(
  module: Promise<Module>,
  what: string,
  packages: string,
): Promise<Module> {
  return module.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new ConfigurationError([`${what} needs packages: npm install ${packages}`]);
  });
}
