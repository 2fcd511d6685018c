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
  const message = findMediaTypeProblem(headers.get('content-type') ?? '');
  return message === null ? null : refuse(request, 415, 'BAD_REQUEST', { message });
}

/** Returns what is wrong with the media type of a body, or null: it must be JSON in UTF-8 (RFC 9110, 8.3). */
function findMediaTypeProblem(contentType: string): string | null {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  if (type !== 'application/json') return 'Send GraphQL operations as application/json.';
  const charsets = parameters.filter((parameter) => /^charset\s*=/.test(parameter));
  return charsets.every((charset) => /^charset="?utf-?8"?$/.test(charset))
    ? null
    : 'Send GraphQL operations in UTF-8, without another charset in Content-Type.';
}
