import type { Logger } from 'pino';

import { AuditError } from '../access/audit.js';
import type { BreakerState } from '../platform/breaker.js';
import { isPlatformError } from '../platform/errors.js';
import type { OnFailure } from '../schema/firewall.js';
import { describeError } from './describe-error.js';

/** Logs why a lookup or the audit failed, for whoever runs the gateway: the platform's status, or the system's word for the cause. */
export function createFailureLog(logger: Logger): OnFailure {
  return ({ code, requestId, error }) => {
    if (error instanceof AuditError) {
      const { code: reason = null } = (error.cause ?? {}) as NodeJS.ErrnoException;
      logger.error({ event: 'audit-failure', requestId, reason }, `audit: ${reason ?? 'the event was not taken'}`);
      return;
    }
    if (!isPlatformError(error)) {
      const description = describeError(error);
      logger.error({ event: 'bug', requestId, ...description }, `bug: ${description.error}`);
      return;
    }
    const facts = { event: 'platform-failure', requestId, code, status: error.status, reason: error.reason };
    // Our own key or the platform's contract: somebody has to act. The rest may pass.
    const level = code === 'PLATFORM_AUTH_FAILED' || code === 'PLATFORM_BAD_RESPONSE' ? 'error' : 'warn';
    logger[level](facts, [code, error.status, error.reason].filter(Boolean).join(' '));
  };
}

/** Logs that requests to the platform stop, or go through again. */
export function logBreaker(logger: Logger, state: BreakerState): void {
  if (state === 'open') logger.error({ event: 'platform-down' }, 'platform: down, asked every 2 s until it answers');
  else logger.info({ event: 'platform-up' }, 'platform: up again');
}
