import type { Logger } from 'pino';

import { refuse } from '../http/refuse.js';
import { recordOf } from '../operations/operation-record.js';
import type { RateLimit } from '../rate-limit.js';
import type { Middleware } from './create-middleware.js';

/** Refuses the operations of a caller that has sent too many. */
export function limitRate(rateLimit: RateLimit, logger: Logger): Middleware {
  return async (request) => {
    const { authenticated, requestId } = recordOf(request);
    if (!authenticated) return null;
    const retryAfterMs = await rateLimit(authenticated);
    if (retryAfterMs === null) return null;
    const caller = authenticated.caller.id;
    logger.warn({ event: 'rate-limited', requestId, caller }, `rate-limited: ${caller}`);
    return refuse(request, 429, 'RATE_LIMITED', { retryAfterMs });
  };
}
