import type { GraphiQLOptions, YogaServerOptions } from 'graphql-yoga';

import { type Authenticate, isAuthenticated } from './authentication/authenticate.js';

import type { RateLimit } from './rate-limit.js';

/** How GraphiQL is served at the GraphQL endpoint. Yoga's own page would load it from a CDN. */
export interface Graphiql {
  readonly render: YogaServerOptions<object, object>['renderGraphiQL'];
  /** What the page starts with. */
  readonly options: GraphiQLOptions;
  /** Whether anybody may open the page, or known callers alone. What it sends is authenticated either way. */
  readonly isOpen: boolean;
}

/** Loads GraphiQL, which is large: an optional peer of the package. Null where it is not installed. */
export async function loadGraphiql(options: GraphiQLOptions, isOpen: boolean): Promise<Graphiql | null> {
  const bundle = await import('@graphql-yoga/render-graphiql').catch(() => null);
  return (
    bundle && {
      render: bundle.renderGraphiQL,
      options: { title: 'xkit-graphql', shouldPersistHeaders: false, ...options },
      isOpen,
    }
  );
}

/** Tells whether a request is a browser's that opens a page. */
export function asksForPage({ method, headers }: Request): boolean {
  return method === 'GET' && (headers.get('accept') ?? '').includes('text/html');
}

/**
 * Decides who may open the page. A browser cannot send a Bearer token with a page it opens, but asks a person for a
 * name and a password: the password is a service key. It opens this page, and no operation.
 */
export async function mayOpenGraphiql(
  { isOpen }: Graphiql,
  authenticate: Authenticate,
  rateLimit: RateLimit,
  { headers }: Request,
): Promise<boolean> {
  if (isOpen) return true;
  const authentication = await authenticate(toBearer(headers.get('authorization')));
  // The page is large: it counts like an operation.
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
