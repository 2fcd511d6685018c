import { toCatalogRoot } from '../../domain/repair-link.js';
import type { ServeConfiguration } from '../../server/config/configuration.js';
import { type Check, failed, ok, warning } from './check.js';
import { describeConnectionProblem } from './connection-problem.js';

/** Checks whether there is a catalog at the root of the repair links. */
export function createCatalogCheck({ catalog }: ServeConfiguration): Check {
  const namedBy = 'slug' in catalog ? 'XKIT_SLUG' : 'XKIT_CATALOG_URL';
  const url = new URL(toCatalogRoot(catalog));
  return {
    id: 'catalog',
    title: 'Catalog',
    variables: [namedBy],
    run: async (signal) => {
      try {
        // A browser follows redirects. For this check, a redirect is enough.
        const { status, body } = await fetch(url, { redirect: 'manual', signal });
        await body?.cancel();
        if (status === 404 || status === 410) {
          return failed(
            `No catalog exists at ${url.host}: the server responds with HTTP ${status}. Every repair link would lead there.`,
            `Check ${namedBy}.`,
          );
        }
        if (status >= 500) return warning(`${url.host} responds with HTTP ${status}.`, 'Try again in a minute.');
        return ok(`${url.host} responds.`);
      } catch (error) {
        return describeConnectionProblem(error, { host: url.host, namedBy });
      }
    },
  };
}
