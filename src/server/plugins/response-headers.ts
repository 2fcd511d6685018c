import type { Plugin } from 'graphql-yoga';

import { recordOf } from '../operations/operation-record.js';

/** What keeps the one page, GraphiQL, to itself: it loads from nowhere else, and no other page shows it in a frame. */
const PAGE_HEADERS = [
  [
    'content-security-policy',
    // The editors make styles as they go.
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; " +
      "font-src 'self' data:; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  ],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'no-referrer'],
] as const;

/** What every answer says that has a result. Every cache is forbidden to keep it, since it may hold a token. */
export function toAnswerHeaders(requestId: string) {
  return { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'x-request-id': requestId };
}

/** Forbids every cache to keep what does not allow it by itself, since it may hold a token, and names the request that it answers. */
export function useResponseHeaders(): Plugin {
  return {
    onResponse({ request, response }) {
      const { 'cache-control': noStore, ...headers } = toAnswerHeaders(recordOf(request).requestId);
      if (!response.headers.has('cache-control')) response.headers.set('cache-control', noStore);
      for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
      if (response.headers.get('content-type')?.startsWith('text/html')) {
        for (const [name, value] of PAGE_HEADERS) response.headers.set(name, value);
      }
    },
  };
}
