import type { AuthenticatedCaller } from '../auth/authenticated.js';
import type { RequestRecord } from '../request-record.js';

/** Returns whether a request has one of the two methods that every web server must support (RFC 9110, 9.1). */
export function isRead({ method }: RequestRecord): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Returns whether a browser sent a request to open a page. */
export function asksForPage(record: RequestRecord): boolean {
  return isRead(record) && (record.header('accept') ?? '').includes('text/html');
}

/**
 * Returns the caller that counts the opened pages for the rate limit. A browser remembers the password, so a foreign
 * web page can make it open ours repeatedly. That must not use up the caller's operations. No caller's id has a slash.
 */
export function toPageCounter({ caller, ...rest }: AuthenticatedCaller): AuthenticatedCaller {
  return { ...rest, caller: { ...caller, id: `${caller.id}/graphiql` } };
}

/**
 * Converts the Basic credentials of a browser to a Bearer token. A browser cannot send a Bearer token when it opens a
 * page, but prompts for a name and a password. The password is a service key. It opens the page and its files, but
 * executes no operation. Other credentials are returned unchanged.
 */
export function toBearer(authorization: string | null): string | null {
  const [, basic] = /^basic +([\w+/]+=*)$/i.exec(authorization ?? '') ?? [];
  if (basic === undefined) return authorization;
  const password = Buffer.from(basic, 'base64')
    .toString()
    .replace(/^[^:]*:/, '');
  return `Bearer ${password}`;
}
