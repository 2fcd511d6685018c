import type { AuthenticatedCaller } from '../auth/authenticated.js';
import type { RequestRecord } from '../request-record.js';

/** Returns whether a request is a browser's that opens a page. */
export function asksForPage(record: RequestRecord): boolean {
  return record.method === 'GET' && (record.header('accept') ?? '').includes('text/html');
}

/**
 * Returns what the pages of a caller are counted as. A browser remembers the password, and a foreign web page can make it
 * open ours again and again: that must not use up the caller's operations. No caller's id has a slash.
 */
export function toPageCounter({ caller, ...rest }: AuthenticatedCaller): AuthenticatedCaller {
  return { ...rest, caller: { ...caller, id: `${caller.id}/graphiql` } };
}

/**
 * Reads the credentials of a browser. It cannot send a Bearer token with a page that it opens, but asks a person for a
 * name and a password: the password is a service key. It opens the page and its files, and no operation.
 */
export function toBearer(authorization: string | null): string | null {
  const [, basic] = /^basic +([\w+/]+=*)$/i.exec(authorization ?? '') ?? [];
  if (basic === undefined) return authorization;
  const password = Buffer.from(basic, 'base64')
    .toString()
    .replace(/^[^:]*:/, '');
  return `Bearer ${password}`;
}
