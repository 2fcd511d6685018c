import { ConfigurationError } from './environment.js';

/**
 * Loads what needs packages that are not always installed.
 *
 * @param what needs them, for the message
 * @param packages as they are given to `npm install`
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
