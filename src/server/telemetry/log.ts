import type { ExecutionResult } from 'graphql';
import type { Logger } from 'pino';
import { AuditError } from '../../access/audit.js';
import type { ConnectionKey } from '../../domain/connection-key.js';
import { isPlatformError } from '../../platform/errors.js';
import type { LookupObserver } from '../../platform/observer.js';
import type { ConnectionsFailure } from '../../schema/firewall.js';
import { RequestRecord } from '../request-record.js';
import type { ConnectorLabel } from './metrics.js';
import { describeError } from './describe-error.js';
import { isFailureCode, toLookupOutcome } from './lookup-outcome.js';
import type { Observer, RefusedRequest } from './observer.js';

/** Minimum time between two log lines about overload, or about the same limit of HTTP, in milliseconds. */
const PAUSE_MS = 1_000;

/**
 * Creates the observer that writes the log: one line per operation, failure, and unauthenticated or rate-limited
 * request, and at level `debug` one per lookup. A line holds no variables, results, headers or owner ids.
 */
export function createLogObserver(logger: Logger, labelOf: ConnectorLabel): Observer {
  const countedLines = createCountedLines();
  return {
    onRefusal: (refused) => logRefusal(logger, refused),
    onOperationEnd: (record, result) => logOperation(logger, record, result),
    onLookupStart: (record, key) =>
      logger.isLevelEnabled('debug') ? createLookupLog(logger, record, key, labelOf) : undefined,
    onFailure: (failure) => logFailure(logger, failure),
    onPlatformEvent: (event) => {
      if (event.type === 'probe-failed') {
        const { cause } = event;
        logger.warn({ event: 'platform-probe-failed', cause }, `platform still down (${cause})`);
      } else if (event.type === 'breaker' && event.state === 'open') {
        const { cause } = event;
        logger.error({ event: 'platform-down', cause }, `platform down (${cause}); probing at most every 2 s`);
      } else if (event.type === 'breaker') logger.info({ event: 'platform-up' }, 'platform up again');
    },
    onOverload: (inFlight, reason) =>
      countedLines('overloaded', (shed) => {
        const facts = { event: 'overloaded', reason, shed, inFlight };
        logger.warn(facts, `overloaded: ${shed} requests refused, ${inFlight} in flight`);
      }),
    onHttpLimit: (limit) =>
      countedLines(limit, (connections) => {
        const facts = { event: 'http-limit', limit, connections };
        logger.warn(facts, `HTTP limit ${limit}: ${connections} connections closed`);
      }),
  };
}

/** Creates the function that counts the events of a kind, and writes one line with their number, with the first facts. */
function createCountedLines(): (kind: string, write: (count: number) => void) => void {
  const counts = new Map<string, number>();
  return (kind, write) => {
    const before = counts.get(kind) ?? 0;
    counts.set(kind, before + 1);
    if (before > 0) return;
    setTimeout(() => {
      write(counts.get(kind) ?? 0);
      counts.delete(kind);
    }, PAUSE_MS).unref();
  };
}

function logRefusal(logger: Logger, { record, code, reason, credential = undefined }: RefusedRequest): void {
  const { requestId } = record;
  const caller = record.authenticated?.caller.id ?? null;
  if (reason !== undefined) {
    const facts = { event: 'unauthenticated', requestId, reason, credential: credential ?? null };
    logger.warn(facts, ['unauthenticated:', reason, credential].filter(Boolean).join(' '));
  } else if (code === 'RATE_LIMITED') {
    logger.warn({ event: 'rate-limited', requestId, caller }, `rate-limited: ${caller}`);
  } else if (code === 'REQUEST_ENTITY_TOO_LARGE') {
    logger.warn({ event: 'body-too-large', requestId, caller }, `body too large: ${caller}`);
  }
}

/** Logs an operation: at `warn` if the platform or this server failed, else at `info`. */
function logOperation(logger: Logger, record: RequestRecord, result: ExecutionResult): void {
  if (!logger.isLevelEnabled('warn')) return;
  const codes = RequestRecord.codesOf(result);
  const limits = RequestRecord.limitsOf(result);
  const level = codes.some(isFailureCode) ? 'warn' : 'info';
  if (!logger.isLevelEnabled(level)) return;
  const { name = null, documentHash = null } = record.describeOperation() ?? {};
  const { requestId, traceId, lookups, platformRequests, tokens, refusals, startedAt } = record;
  const { caller, credential = null } = record.authenticated ?? {};
  const ms = Math.round(performance.now() - startedAt);
  logger[level](
    {
      event: 'operation',
      requestId,
      traceId,
      caller: caller?.id ?? null,
      credential,
      operation: name,
      documentHash,
      lookups,
      platformRequests,
      tokens,
      refusals,
      codes,
      limits,
      ms,
    },
    `operation ${name ?? '(anonymous)'}: ${[...codes, ...(limits ?? [])].join(', ') || 'ok'} in ${ms} ms`,
  );
}

function createLookupLog(
  logger: Logger,
  { requestId, traceId }: RequestRecord,
  { connectorSlug }: ConnectionKey,
  labelOf: ConnectorLabel,
): LookupObserver {
  const startedAt = performance.now();
  let joined = false;
  return {
    onJoin: () => {
      joined = true;
    },
    onEnd: (reading, error) => {
      const connector = labelOf(connectorSlug, reading?.found ?? false);
      const { outcome, code } = toLookupOutcome(reading, error);
      const ms = Math.round(performance.now() - startedAt);
      const facts = { event: 'lookup', requestId, traceId, connector, outcome, code, joined, ms };
      logger.debug(facts, `lookup ${connector}: ${code ?? outcome} in ${ms} ms`);
    },
  };
}

/** Logs why a lookup or an audit event failed, with the platform's status or the system's error code. */
function logFailure(logger: Logger, { code, requestId, error }: ConnectionsFailure): void {
  if (error instanceof AuditError) {
    const { code: reason = null } = (error.cause ?? {}) as NodeJS.ErrnoException;
    logger.error(
      { event: 'audit-failure', requestId, reason },
      `audit event not recorded: ${reason ?? 'unknown reason'}`,
    );
    return;
  }
  if (!isPlatformError(error)) {
    const description = describeError(error);
    logger.error({ event: 'bug', requestId, ...description }, `bug: ${description.error}`);
    return;
  }
  // The message of a broken contract is our own, and names the broken part.
  const reason = error.reason ?? (code === 'PLATFORM_BAD_RESPONSE' ? error.message : undefined);
  const facts = { event: 'platform-failure', requestId, code, status: error.status, reason };
  // An operator must fix a rejected key or a broken contract. Other failures may pass.
  const level = code === 'PLATFORM_AUTH_FAILED' || code === 'PLATFORM_BAD_RESPONSE' ? 'error' : 'warn';
  logger[level](facts, [code, error.status, reason].filter(Boolean).join(' '));
}
