import { type Authenticate, isAuthenticated } from '../auth/authenticate.js';
import type { RateLimit } from '../auth/rate-limit.js';
import type { Graphiql } from '../graphiql/graphiql.js';
import { asksForPage, isRead, toBearer, toPageCounter } from '../graphiql/may-open.js';
import type { RequestRecord } from '../request-record.js';
import type { Answer } from './answers.js';
import { requireAllowance, unauthenticated } from './caller.js';

const CHALLENGE = 'Basic realm="xkit-graphql: use a service key as the password", charset="UTF-8"';

/**
 * Returns GraphiQL or one of its files for a browser that may open it, or null for any other request.
 *
 * @throws {Refusal} 401 for a page that the browser may not open, 429 if its caller has opened too many pages
 */
export async function findPage(
  record: RequestRecord,
  { page, files, isOpen }: Graphiql,
  options: { readonly authenticate: Authenticate; readonly rateLimit: RateLimit; readonly isGraphqlPath: boolean },
): Promise<Answer | null> {
  const file = isRead(record) ? files.get(record.path) : undefined;
  if (!file && !(options.isGraphqlPath && asksForPage(record))) return null;
  if (!isOpen) {
    const visitor = await options.authenticate(toBearer(record.header('authorization')));
    // For an unauthenticated client, the file does not exist.
    if (!isAuthenticated(visitor) && file) return null;
    if (!isAuthenticated(visitor)) throw unauthenticated(visitor, CHALLENGE);
    record.authenticated = visitor;
    // Counted, because the page and its files are large.
    await requireAllowance(toPageCounter(visitor), options.rateLimit);
  }
  if (!file) return { headers: { 'content-type': 'text/html; charset=utf-8' }, body: page };
  const headers = { 'content-type': file.contentType, 'cache-control': 'private, max-age=31536000, immutable' };
  return { headers, body: file.body };
}
