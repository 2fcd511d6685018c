import type { DiagLogger } from '@opentelemetry/api';
import type { Logger } from 'pino';

/** Minimum time between two log lines with the same reason, in milliseconds. */
const PAUSE_MS = 60_000;

/** Patterns of SDK messages, and the reasons that are logged instead. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/timed out|timeout/i, 'TIMEOUT'],
  [/maxQueueSize reached|Concurrent export limit/, 'QUEUE_FULL'],
  [/retryable status/, 'COLLECTOR_UNAVAILABLE'],
];

/**
 * Creates the diagnostic logger of the OpenTelemetry SDK. The SDK's messages quote endpoints, headers and responses, so
 * it logs only a system error code, an HTTP status, the names of variables, or a known reason.
 */
export function createDiagnostics(logger: Logger): DiagLogger {
  const loggedAt = new Map<string, number>();
  const complain = (...words: readonly unknown[]) => {
    const reason = findReason(words.map(String).join(' '));
    const now = performance.now();
    if (now - (loggedAt.get(reason) ?? -Infinity) < PAUSE_MS) return;
    loggedAt.set(reason, now);
    logger.warn({ event: 'traces-failure', reason }, `tracing failed (${reason}); operations continue without traces`);
  };
  return { error: complain, warn: complain, info: ignore, debug: ignore, verbose: ignore };
}

function ignore(): void {
  // Successes and details are not logged.
}

function findReason(text: string): string {
  // An error code of the system, TLS or HTTP, or an HTTP status, in the JSON that the SDK makes of an error.
  const [, code] = /"code":"([A-Z][A-Z_\d]{2,60}|\d{1,3})"/.exec(text) ?? [];
  if (code !== undefined) return code;
  const variables = new Set(text.match(/\bOTEL_[A-Z_]{1,60}\b/g));
  if (variables.size > 0) return [...variables].join(' ');
  // The stack may name timers of Node.
  const message = text.replace(/"stack":"(?:[^"\\]|\\.)*"/, '');
  return KNOWN.find(([pattern]) => pattern.test(message))?.[1] ?? 'UNKNOWN';
}
