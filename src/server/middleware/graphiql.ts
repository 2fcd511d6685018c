import type { Authenticate } from '../authentication/authenticate.js';
import type { Graphiql } from '../graphiql/graphiql.js';
import { asksForPage, findVisitor, toPageCounter } from '../graphiql/may-open.js';
import type { Answer } from '../http/answer.js';
import type { AskedRequest } from '../http/asked-request.js';
import { refuse } from '../http/refuse.js';
import { GRAPHQL_PATH, pathOf } from '../http/request-path.js';
import type { RateLimit } from '../rate-limit.js';
import type { Middleware } from './create-middleware.js';

/** Shows GraphiQL at the GraphQL endpoint to browsers. Who may not see it gets the answer that is usual there. */
export function showGraphiql(
  { page, files, isOpen }: Graphiql,
  authenticate: Authenticate,
  rateLimit: RateLimit,
): Middleware {
  const show = async (request: AskedRequest): Promise<Answer | null> => {
    const path = pathOf(request.url);
    const file = files.get(path);
    if (!file && !(path === GRAPHQL_PATH && asksForPage(request))) return null;
    if (!isOpen) {
      const visitor = await findVisitor(request, authenticate);
      if (!visitor) return null;
      // The page and its files are large.
      const retryAfterMs = await rateLimit(toPageCounter(visitor));
      if (retryAfterMs !== null) return refuse(request, 429, 'RATE_LIMITED', { retryAfterMs });
    }
    return file
      ? {
          headers: { 'content-type': file.contentType, 'cache-control': 'private, max-age=31536000, immutable' },
          body: file.body,
        }
      : { headers: { 'content-type': 'text/html; charset=utf-8' }, body: page };
  };
  return (request) => (request.method === 'GET' ? show(request) : null);
}
