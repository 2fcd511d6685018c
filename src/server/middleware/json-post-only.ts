import type { Answer } from '../http/answer.js';
import type { AskedRequest } from '../http/asked-request.js';
import { refuse } from '../http/refuse.js';

const ACCEPTS_JSON = /(?:^|[\s,])(?:\*\/\*|application\/(?:\*|json|graphql-response\+json))(?:[\s,;]|$)/i;

/**
 * Lets nothing pass but a POST of JSON.
 *
 * A GET would put ids into URLs, and answers with tokens where caches look for them; forms are what a foreign web
 * page can send without asking first.
 */
export function requireJsonPost(request: AskedRequest): Answer | null {
  const { method, headers } = request;
  if (method !== 'POST') {
    const message = 'Send GraphQL operations by POST.';
    return refuse(request, 405, 'BAD_REQUEST', { message, headers: { allow: 'POST' } });
  }
  if (!ACCEPTS_JSON.test(headers.get('accept') ?? '*/*')) {
    // Before anything is executed: a token that nobody can take would be recorded as given out.
    const message = 'Accept application/json or application/graphql-response+json.';
    return refuse(request, 406, 'BAD_REQUEST', { message });
  }
  if (!/^application\/json(?:;|$)/.test(headers.get('content-type') ?? '')) {
    const message = 'Send GraphQL operations as application/json.';
    return refuse(request, 415, 'BAD_REQUEST', { message });
  }
  return null;
}
