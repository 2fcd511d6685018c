import type { Plugin } from 'graphql-yoga';

import { refuse } from '../http/refuse.js';

const ACCEPTS_JSON = /(?:^|[\s,])(?:\*\/\*|application\/(?:\*|json|graphql-response\+json))(?:[\s,;]|$)/i;

/**
 * Executes nothing but a POST of JSON.
 *
 * A GET would put ids into URLs, and answers with tokens where caches look for them; forms are what a foreign web
 * page can send without asking first.
 */
export function useJsonPostOnly(): Plugin {
  return {
    onRequestParse({ request, endResponse }) {
      const isJson = /^application\/json(?:;|$)/.test(request.headers.get('content-type') ?? '');
      if (request.method !== 'POST') {
        const message = 'Send GraphQL operations by POST.';
        endResponse(refuse(request, 405, 'BAD_REQUEST', { message, headers: { allow: 'POST' } }));
      } else if (!ACCEPTS_JSON.test(request.headers.get('accept') ?? '*/*')) {
        // Before anything is executed: a token that nobody can take would be recorded as given out.
        const message = 'Accept application/json or application/graphql-response+json.';
        endResponse(refuse(request, 406, 'BAD_REQUEST', { message }));
      } else if (!isJson) {
        const message = 'Send GraphQL operations as application/json.';
        endResponse(refuse(request, 415, 'BAD_REQUEST', { message }));
      }
    },
  };
}
