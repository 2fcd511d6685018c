import type { Plugin } from 'graphql-yoga';

/** Says at every other path where GraphQL is. */
export function useNotFound(paths: readonly string[]): Plugin {
  return {
    onRequest({ url, endResponse }) {
      if (!paths.includes(url.pathname)) endResponse(new Response('GraphQL is at /graphql.\n', { status: 404 }));
    },
  };
}
