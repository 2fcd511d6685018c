import type { Plugin } from 'graphql-yoga';

import { recordOf } from '../logs/operation-record.js';
import type { Tracing } from '../tracing/tracing.js';

/** Traces each operation that was let in, from when its request was read until its result is there. */
export function useTracing(tracing: Tracing): Plugin {
  return {
    onParams({ request }) {
      recordOf(request).span = tracing.startOperation(request.headers);
    },
    onExecute({ args: { contextValue } }) {
      const record = recordOf(contextValue.request);
      if (record.operation) record.span?.describe(record.operation.operation, record.describe()?.name ?? null);
    },
    onResultProcess({ request, result }) {
      const record = recordOf(request);
      record.span?.end(record.toReport(result));
    },
  };
}
