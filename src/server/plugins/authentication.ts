import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';

import { type Authenticate, isAuthenticated } from '../authentication/authenticate.js';
import type { AuthenticatedCaller, AuthenticationFailure } from '../authentication/authenticated.js';
import { asksForPage } from '../graphiql/may-open.js';
import { refuse } from '../http/refuse.js';
import { requestIdOf } from '../http/request-id.js';

/** What Node knows of a request, and `Headers` does not. */
interface ServerContext {
  readonly req?: { readonly rawHeaders: readonly string[] };
}

const callers = new WeakMap<Request, AuthenticatedCaller>();

/** Gives who sent a request, once {@link useAuthentication} has let it pass. */
export function callerOf(request: Request): AuthenticatedCaller | undefined {
  return callers.get(request);
}

interface AuthenticationOptions {
  readonly logger: Logger;
  /** Whether there is a page, for which a browser asks a person. */
  readonly hasPage: boolean;
}

const PAGE_CHALLENGE = 'Basic realm="xkit-graphql: a service key as password", charset="UTF-8"';

/** Lets only requests of known callers pass, before anything of their body is read. */
export function useAuthentication(authenticate: Authenticate, { logger, hasPage }: AuthenticationOptions): Plugin {
  return {
    async onRequest({ request, serverContext, endResponse }) {
      // Node takes the first of two headers; which of them a proxy has checked, nobody knows.
      const isRepeated = countAuthorizations((serverContext as ServerContext).req?.rawHeaders ?? []) > 1;
      const authentication = await authenticate(isRepeated ? '' : request.headers.get('authorization'));
      if (isAuthenticated(authentication)) {
        callers.set(request, authentication);
        return;
      }
      const { failure: reason, credential = null } = authentication;
      const facts = { event: 'unauthenticated', requestId: requestIdOf(request), reason, credential };
      logger.warn(facts, ['unauthenticated:', reason, credential].filter(Boolean).join(' '));
      endResponse(
        reason === 'issuer-unavailable'
          ? refuse(request, 503, 'AUTHENTICATION_UNAVAILABLE', { headers: { 'retry-after': '5' } })
          : refuse(request, 401, 'UNAUTHENTICATED', {
              message: 'Send a valid service key or token as Authorization: Bearer …',
              headers: {
                'www-authenticate': hasPage && asksForPage(request) ? PAGE_CHALLENGE : toChallenge(reason),
              },
            }),
      );
    },
  };
}

/** Counts the headers of that name among names and values as they came; `headersDistinct` would sort all of them first. */
function countAuthorizations(rawHeaders: readonly string[]): number {
  return rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'authorization').length;
}

/** RFC 6750, 3: an error is named only to whoever sent something. */
function toChallenge(reason: AuthenticationFailure): string {
  return reason === 'missing' ? 'Bearer' : 'Bearer error="invalid_token"';
}
