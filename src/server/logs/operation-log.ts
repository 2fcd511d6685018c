import type { Logger } from 'pino';

import type { OperationObserver } from '../operations/operation-observer.js';
import { isFailure } from '../operations/operation-report.js';

/**
 * Creates what logs one line for each operation: what it was, who asked, how much it came to and how long it took; no
 * variables, no results. A failure of the platform or of this gateway makes it a warning.
 */
export function createOperationLog(logger: Logger): OperationObserver {
  return {
    onResult: (record, result) => {
      if (!logger.isLevelEnabled('warn')) return;
      const { codes, ...counts } = record.toReport(result);
      const level = codes.some(isFailure) ? 'warn' : 'info';
      if (!logger.isLevelEnabled(level)) return;
      const { name = null, documentHash = null } = record.describe() ?? {};
      const ms = Math.round(performance.now() - record.startedAt);
      const { caller, credential = null } = record.authenticated ?? {};
      logger[level](
        {
          event: 'operation',
          requestId: record.requestId,
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
