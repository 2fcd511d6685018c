import type { AskedRequest } from '../http/asked-request.js';
import { type Authenticate, isAuthenticated } from '../authentication/authenticate.js';
import type { AuthenticatedCaller } from '../authentication/authenticated.js';

/** Tells whether a request is a browser's that opens a page. */
export function asksForPage({ method, headers }: AskedRequest): boolean {
  return method === 'GET' && (headers.get('accept') ?? '').includes('text/html');
}

/**
 * Finds out who opens a page, if it is somebody who may. A browser cannot send a Bearer token with a page it opens, but asks a person for a
 * name and a password: the password is a service key. It opens the page and its files, and no operation.
 */
export async function findVisitor(
  { headers }: AskedRequest,
  authenticate: Authenticate,
): Promise<AuthenticatedCaller | null> {
  const authentication = await authenticate(toBearer(headers.get('authorization')));
  return isAuthenticated(authentication) ? authentication : null;
}

/**
 * Gives what the pages of a caller are counted as. A browser remembers the password, and a foreign web page can make it
 * open ours again and again: that is not to take the caller's operations. No caller's id has a slash.
 */
export function toPageCounter({ caller, ...rest }: AuthenticatedCaller): AuthenticatedCaller {
  return { ...rest, caller: { ...caller, id: `${caller.id}/graphiql` } };
}

function toBearer(authorization: string | null): string | null {
  const [, basic] = /^basic +([\w+/]+=*)$/i.exec(authorization ?? '') ?? [];
  if (basic === undefined) return authorization;
  const password = Buffer.from(basic, 'base64')
    .toString()
    .replace(/^[^:]*:/, '');
  return `Bearer ${password}`;
}
