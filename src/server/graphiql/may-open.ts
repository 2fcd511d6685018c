import { type Authenticate, isAuthenticated } from '../authentication/authenticate.js';
import type { RateLimit } from '../rate-limit.js';

/** Tells whether a request is a browser's that opens a page. */
export function asksForPage({ method, headers }: Request): boolean {
  return method === 'GET' && (headers.get('accept') ?? '').includes('text/html');
}

/**
 * Decides who may open a page. A browser cannot send a Bearer token with a page it opens, but asks a person for a
 * name and a password: the password is a service key. It opens the page and its files, and no operation.
 */
export async function mayOpenPage(
  { headers }: Request,
  authenticate: Authenticate,
  rateLimit: RateLimit,
): Promise<boolean> {
  const authentication = await authenticate(toBearer(headers.get('authorization')));
  // The page and its files are large: each counts like an operation.
  return isAuthenticated(authentication) && (await rateLimit(authentication)) === null;
}

function toBearer(authorization: string | null): string | null {
  const [, basic] = /^basic +([\w+/]+=*)$/i.exec(authorization ?? '') ?? [];
  if (basic === undefined) return authorization;
  const password = Buffer.from(basic, 'base64')
    .toString()
    .replace(/^[^:]*:/, '');
  return `Bearer ${password}`;
}
