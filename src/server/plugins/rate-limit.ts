import type { Plugin } from 'graphql-yoga';

import type { RateLimit } from '../rate-limit.js';
import { refuse } from '../refuse.js';
import { callerOf } from './authentication.js';

/** Refuses the operations of a caller that has sent too many, before their body is read. */
export function useRateLimit(rateLimit: RateLimit): Plugin {
  return {
    async onRequest({ request, endResponse }) {
      const authenticated = callerOf(request);
      if (!authenticated) return;
      const retryAfterMs = await rateLimit(authenticated);
      if (retryAfterMs === null) return;
      const headers = { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) };
      endResponse(refuse(request, 429, 'RATE_LIMITED', { retryAfterMs, headers }));
    },
  };
}
