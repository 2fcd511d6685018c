import type { Plugin } from 'graphql-yoga';

import type { OperationMetrics } from '../metrics/operation-metrics.js';

/** Codes of what is refused before it is executed, by the status that nothing else has. */
const REFUSALS: ReadonlyMap<number, string> = new Map([
  [401, 'UNAUTHENTICATED'],
  [429, 'RATE_LIMITED'],
  [503, 'AUTHENTICATION_UNAVAILABLE'],
  [405, 'BAD_REQUEST'],
  [406, 'BAD_REQUEST'],
  [415, 'BAD_REQUEST'],
]);

/** Counts what is refused before it is executed, by its code. */
export function useCountedRefusals({ count }: Pick<OperationMetrics, 'count'>): Plugin {
  return {
    onResponse({ response }) {
      const code = REFUSALS.get(response.status);
      if (code !== undefined) count(code);
    },
  };
}
