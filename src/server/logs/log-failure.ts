import type { Logger } from 'pino';

import { AuditError } from '../../access/audit.js';
import type { BreakerState } from '../../platform/breaker.js';
import { isPlatformError } from '../../platform/errors.js';
import type { OnFailure } from '../../schema/firewall.js';
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
    // The message of a broken contract is ours, and says which part of it.
    const reason = error.reason ?? (code === 'PLATFORM_BAD_RESPONSE' ? error.message : undefined);
    const facts = { event: 'platform-failure', requestId, code, status: error.status, reason };
    // Our own key or the platform's contract: somebody has to act. The rest may pass.
    const level = code === 'PLATFORM_AUTH_FAILED' || code === 'PLATFORM_BAD_RESPONSE' ? 'error' : 'warn';
    logger[level](facts, [code, error.status, reason].filter(Boolean).join(' '));
  };
}

/** How often it is logged at most that requests were refused, in milliseconds. */
const SHED_PAUSE_MS = 1_000;

/** Creates what logs that requests are refused because there is too much to do: a line for all of a second. */
export function createShedLog(logger: Logger): (inFlight: number) => void {
  let shed = 0;
  return (inFlight) => {
    shed += 1;
    if (shed > 1) return;
    setTimeout(() => {
      logger.warn(
        { event: 'overloaded', shed, inFlight },
        `overloaded: ${shed} requests refused, ${inFlight} in flight`,
      );
      shed = 0;
    }, SHED_PAUSE_MS).unref();
  };
}

/** Logs that requests to the platform stop, or go through again. */
export function logBreaker(logger: Logger, state: BreakerState): void {
  if (state === 'open')
    logger.error({ event: 'platform-down' }, 'platform: down, asked again every 2 s at most, when somebody asks');
  else logger.info({ event: 'platform-up' }, 'platform: up again');
}
