import type { Plugin } from 'graphql-yoga';

import { isLoopbackHost } from '../../domain/base-url.js';

/**
 * Answers only requests that name this machine as their host.
 *
 * A web page can point a domain of its own at 127.0.0.1 and then read the answers as its own (DNS rebinding); the
 * `Host` header still names that domain.
 */
export function useLoopbackHostOnly(): Plugin {
  return {
    onRequest({ url, endResponse }) {
      if (!isLoopbackHost(url.hostname)) {
        endResponse(new Response('This server answers on a loopback address only.\n', { status: 421 }));
      }
    },
  };
}
