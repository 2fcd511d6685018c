import { createRequire } from 'node:module';

/** Reads the version of this package. */
export function readVersion(): string {
  const packageJson = createRequire(import.meta.url)('xkit-graphql/package.json') as { readonly version: string };
  return packageJson.version;
}
