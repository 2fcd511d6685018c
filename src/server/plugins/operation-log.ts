import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';

import { requestIdOf } from '../request-id.js';

/** Logs one line for each operation: its name, its error codes and how long it took; no variables, no results. */
export function useOperationLog(logger: Logger): Plugin {
  const startedAt = new WeakMap<Request, number>();
  const operationNames = new WeakMap<Request, string>();
  return {
    onRequest({ request }) {
      startedAt.set(request, performance.now());
    },
    onExecute({ args: { document, operationName, contextValue } }) {
      // Taken from the parsed document, where it can only be a GraphQL name, and not from the request.
      const name = getOperationAST(document, operationName)?.name?.value;
      if (name !== undefined) operationNames.set(contextValue.request, name.slice(0, 64));
    },
    onExecutionResult({ request, result }) {
      const errors = result !== undefined && 'errors' in result ? (result.errors ?? []) : [];
      logger.info(
        {
          event: 'operation',
          requestId: requestIdOf(request),
          operation: operationNames.get(request) ?? null,
          errors: [...new Set(errors.map(({ extensions }) => String(extensions['code'] ?? 'GRAPHQL_ERROR')))],
          ms: Math.round(performance.now() - (startedAt.get(request) ?? performance.now())),
        },
        'operation',
      );
    },
  };
}
