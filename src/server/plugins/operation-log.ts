import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';

import { requestIdOf } from '../request-id.js';
import { callerOf } from './authentication.js';

/** Logs one line for each operation: its name, its caller, its error codes and how long it took; no variables, no results. */
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
    onResultProcess({ request, result }) {
      if (!logger.isLevelEnabled('info')) return;
      const errors = 'errors' in result ? (result.errors ?? []) : [];
      const codes = [...new Set(errors.map(({ extensions }) => String(extensions['code'])))];
      const operation = operationNames.get(request) ?? null;
      const ms = Math.round(performance.now() - (startedAt.get(request) ?? performance.now()));
      const { caller, credential = null } = callerOf(request) ?? {};
      logger.info(
        {
          event: 'operation',
          requestId: requestIdOf(request),
          caller: caller?.id ?? null,
          credential,
          operation,
          errors: codes,
          ms,
        },
        `operation ${operation ?? '(anonymous)'}: ${codes.join(', ') || 'ok'} in ${ms} ms`,
      );
    },
  };
}
