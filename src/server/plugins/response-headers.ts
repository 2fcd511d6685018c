import type { Plugin } from 'graphql-yoga';

import { requestIdOf } from '../request-id.js';

/** Forbids every cache to keep an answer, since it may hold a token, and names the request that it answers. */
export function useResponseHeaders(): Plugin {
  return {
    onResponse({ request, response }) {
      response.headers.set('cache-control', 'no-store');
      response.headers.set('x-content-type-options', 'nosniff');
      response.headers.set('x-request-id', requestIdOf(request));
    },
  };
}
