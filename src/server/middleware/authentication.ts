import type { Logger } from 'pino';

import { type Authenticate, isAuthenticated } from '../authentication/authenticate.js';
import type { Authentication, AuthenticationFailure } from '../authentication/authenticated.js';
import { asksForPage } from '../graphiql/may-open.js';
import type { Answer } from '../http/answer.js';
import type { AskedRequest } from '../http/asked-request.js';
import { refuse } from '../http/refuse.js';
import { recordOf } from '../operations/operation-record.js';
import type { Middleware } from './create-middleware.js';

interface AuthenticationOptions {
  readonly logger: Logger;
  /** Whether there is a page, for which a browser asks a person. */
  readonly hasPage: boolean;
}

const PAGE_CHALLENGE = 'Basic realm="xkit-graphql: a service key as password", charset="UTF-8"';

/** Lets only requests of known callers pass, and says in their records who sent them. */
export function requireCaller(authenticate: Authenticate, { logger, hasPage }: AuthenticationOptions): Middleware {
  const judge = (request: AskedRequest, authentication: Authentication): Answer | null => {
    const record = recordOf(request);
    if (isAuthenticated(authentication)) {
      record.authenticated = authentication;
      return null;
    }
    const { failure: reason, credential = null } = authentication;
    const facts = { event: 'unauthenticated', requestId: record.requestId, reason, credential };
    logger.warn(facts, ['unauthenticated:', reason, credential].filter(Boolean).join(' '));
    if (reason === 'issuer-unavailable') {
      return refuse(request, 503, 'AUTHENTICATION_UNAVAILABLE', { headers: { 'retry-after': '5' } });
    }
    const challenge = hasPage && asksForPage(request) ? PAGE_CHALLENGE : toChallenge(reason);
    return refuse(request, 401, 'UNAUTHENTICATED', {
      message: 'Send a valid service key or token as Authorization: Bearer …',
      headers: { 'www-authenticate': challenge },
    });
  };

  return (request, { req }) => {
    // Node takes the first of two headers; which of them a proxy has checked, nobody knows.
    const isRepeated = countAuthorizations(req?.rawHeaders ?? []) > 1;
    const authentication = authenticate(isRepeated ? '' : request.headers.get('authorization'));
    return authentication instanceof Promise
      ? authentication.then((late) => judge(request, late))
      : judge(request, authentication);
  };
}

/** Counts the headers of that name among names and values as they came; `headersDistinct` would sort all of them first. */
function countAuthorizations(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 'authorization'.length && name.toLowerCase() === 'authorization') count += 1;
  }
  return count;
}

/** RFC 6750, 3: an error is named only to whoever sent something. */
function toChallenge(reason: AuthenticationFailure): string {
  return reason === 'missing' ? 'Bearer' : 'Bearer error="invalid_token"';
}
