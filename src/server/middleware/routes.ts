import type { Answer } from '../http/answer.js';
import { GRAPHQL_PATH, pathOf } from '../http/request-path.js';
import type { Middleware } from './create-middleware.js';

const NOT_FOUND: Answer = {
  status: 404,
  headers: { 'content-type': 'text/plain;charset=UTF-8' },
  body: 'GraphQL is at /graphql.\n',
};

/**
 * Answers at every path but GraphQL's: `/ready` as told, `/health` by Yoga itself, and at any other where GraphQL is.
 *
 * Yoga's own readiness check makes a URL of each request and matches it with a pattern.
 */
export function createRoutes(toReadiness: () => Answer): Middleware {
  return ({ url }) => {
    const path = pathOf(url);
    if (path === GRAPHQL_PATH || path === '/health') return null;
    return path === '/ready' ? toReadiness() : NOT_FOUND;
  };
}
