import type { Plugin } from 'graphql-yoga';

import { requestIdOf } from '../request-id.js';

/**
 * Executes nothing but a POST of JSON.
 *
 * A GET would put ids into URLs, and answers with tokens where caches look for them; forms are what a foreign web
 * page can send without asking first.
 */
export function useJsonPostOnly(): Plugin {
  return {
    onRequestParse({ request, endResponse }) {
      if (request.method !== 'POST') {
        endResponse(refuse(request, 405, 'Send GraphQL operations by POST.', { allow: 'POST' }));
      } else if (!/^application\/json(?:;|$)/.test(request.headers.get('content-type') ?? '')) {
        endResponse(refuse(request, 415, 'Send GraphQL operations as application/json.'));
      }
    },
  };
}

function refuse(request: Request, status: number, message: string, headers: Record<string, string> = {}): Response {
  const extensions = { code: 'BAD_REQUEST', retryable: false, requestId: requestIdOf(request) };
  return Response.json({ errors: [{ message, extensions }] }, { status, headers });
}
