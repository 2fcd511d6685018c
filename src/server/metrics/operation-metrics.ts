import type { ExecutionResult } from 'graphql';
import type { Registry } from 'prom-client';

import { ERROR_CODES } from '../../schema/error-codes.js';
import type { OperationObserver } from '../operations/operation-observer.js';
import { addHistogram } from './histogram.js';
import { addCounter } from './tally.js';

/** Counts operations. */
export interface OperationMetrics {
  /** Counts one by the code of its first error, and takes how long it took. */
  readonly operations: OperationObserver;
  /** Counts one by a code: `OK` if it has no error. */
  count(code: unknown): void;
}

/** Adds the metrics of operations. What is not one of our own codes, a client's mistake in GraphQL, is `OTHER`. */
export function addOperationMetrics(registry: Registry): OperationMetrics {
  const tallyOf = addCounter(registry, {
    name: 'xkit_graphql_operations_total',
    help: 'Operations, refused ones as well, by the code of their first error',
    labelNames: ['code'],
  });
  const durations = addHistogram(registry, {
    name: 'xkit_graphql_operation_duration_seconds',
    help: 'Time from when an operation was let in until its result was there',
  })({});
  const other = tallyOf({ code: 'OTHER' });
  const tallies = new Map<unknown, typeof other>(
    ['OK', ...Object.keys(ERROR_CODES)].map((code) => [code, tallyOf({ code })]),
  );
  const count = (code: unknown) => {
    (tallies.get(code) ?? other).count += 1;
  };
  return {
    count,
    operations: {
      onResult: ({ startedAt }, result) => {
        const [error] = (result as ExecutionResult).errors ?? [];
        count(error ? error.extensions['code'] : 'OK');
        durations.observe((performance.now() - startedAt) / 1_000);
      },
    },
  };
}
