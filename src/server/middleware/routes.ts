import { GRAPHQL_PATH, pathOf } from '../http/request-path.js';
import type { Middleware } from './create-middleware.js';

/**
 * Answers at every path but GraphQL's: `/ready` as told, `/health` by Yoga itself, and at any other where GraphQL is.
 *
 * Yoga's own readiness check makes a URL of each request and matches it with a pattern.
 */
export function createRoutes(toReadiness: () => Response): Middleware {
  return ({ url }) => {
    const path = pathOf(url);
    if (path === GRAPHQL_PATH || path === '/health') return null;
    return path === '/ready' ? toReadiness() : new Response('GraphQL is at /graphql.\n', { status: 404 });
  };
}
