import type { Plugin } from 'graphql-yoga';

import { pathOf } from '../http/request-path.js';

/**
 * Answers at every path but GraphQL's: `/ready` as told, `/health` by Yoga itself, and at any other where GraphQL is.
 *
 * Yoga's own readiness check makes a URL of each request and matches it with a pattern.
 */
export function useRoutes(toReadiness: () => Response): Plugin {
  return {
    onRequest({ request, endResponse }) {
      const path = pathOf(request.url);
      if (path === '/graphql' || path === '/health') return;
      endResponse(path === '/ready' ? toReadiness() : new Response('GraphQL is at /graphql.\n', { status: 404 }));
    },
  };
}
