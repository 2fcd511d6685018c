import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';

import { recordOf } from '../logs/operation-record.js';
import { isFailure } from '../logs/operation-report.js';
import { requestIdOf } from '../http/request-id.js';
import { callerOf } from './authentication.js';

/**
 * Logs one line for each operation: what it was, who asked, how much it came to and how long it took; no variables, no
 * results. A failure of the platform or of this gateway makes it a warning.
 */
export function useOperationLog(logger: Logger): Plugin {
  return {
    onRequest({ request }) {
      recordOf(request);
    },
    onExecute({ args: { document, operationName, contextValue } }) {
      recordOf(contextValue.request).operation = getOperationAST(document, operationName) ?? null;
    },
    onResultProcess({ request, result }) {
      if (!logger.isLevelEnabled('warn')) return;
      const record = recordOf(request);
      const { codes, ...counts } = record.toReport(result);
      const level = codes.some(isFailure) ? 'warn' : 'info';
      if (!logger.isLevelEnabled(level)) return;
      const { name = null, documentHash = null } = record.describe() ?? {};
      const ms = Math.round(performance.now() - record.startedAt);
      const { caller, credential = null } = callerOf(request) ?? {};
      logger[level](
        {
          event: 'operation',
          requestId: requestIdOf(request),
          traceId: record.span?.traceId,
          caller: caller?.id ?? null,
          credential,
          operation: name,
          documentHash,
          ...counts,
          codes,
          ms,
        },
        `operation ${name ?? '(anonymous)'}: ${codes.join(', ') || 'ok'} in ${ms} ms`,
      );
    },
  };
}
