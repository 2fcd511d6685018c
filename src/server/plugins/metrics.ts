import type { Plugin } from 'graphql-yoga';

import type { OperationMetrics } from '../metrics/operation-metrics.js';
import { recordOf } from '../logs/operation-record.js';

/** Codes of what is refused before it is executed, by the status that nothing else has. */
const REFUSALS: ReadonlyMap<number, string> = new Map([
  [401, 'UNAUTHENTICATED'],
  [429, 'RATE_LIMITED'],
  [503, 'AUTHENTICATION_UNAVAILABLE'],
  [405, 'BAD_REQUEST'],
  [406, 'BAD_REQUEST'],
  [415, 'BAD_REQUEST'],
]);

/** Counts operations by their code, and takes how long they take. */
export function useMetrics({ count, observe }: OperationMetrics): Plugin {
  return {
    onResultProcess({ request, result }) {
      const [error] = ('errors' in result && result.errors) || [];
      count(error ? error.extensions['code'] : 'OK');
      observe(performance.now() - recordOf(request).startedAt);
    },
    onResponse({ response }) {
      const code = REFUSALS.get(response.status);
      if (code !== undefined) count(code);
    },
  };
}
