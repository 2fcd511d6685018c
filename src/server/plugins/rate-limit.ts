import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';

import type { RateLimit } from '../rate-limit.js';
import { refuse } from '../http/refuse.js';
import { requestIdOf } from '../http/request-id.js';
import { callerOf } from './authentication.js';

/** Refuses the operations of a caller that has sent too many, before their body is read. */
export function useRateLimit(rateLimit: RateLimit, logger: Logger): Plugin {
  return {
    async onRequest({ request, endResponse }) {
      const authenticated = callerOf(request);
      if (!authenticated) return;
      const retryAfterMs = await rateLimit(authenticated);
      if (retryAfterMs === null) return;
      const caller = authenticated.caller.id;
      logger.warn({ event: 'rate-limited', requestId: requestIdOf(request), caller }, `rate-limited: ${caller}`);
      const headers = { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) };
      endResponse(refuse(request, 429, 'RATE_LIMITED', { retryAfterMs, headers }));
    },
  };
}
