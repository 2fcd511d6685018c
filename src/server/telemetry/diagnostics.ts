import type { DiagLogger } from '@opentelemetry/api';
import type { Logger } from 'pino';

/** How often one reason is logged at most, in milliseconds. */
const PAUSE_MS = 60_000;

/** The SDK's own words that hold nothing else, and what is logged in their place. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/timed out|timeout/i, 'TIMEOUT'],
  [/maxQueueSize reached|Concurrent export limit/, 'QUEUE_FULL'],
  [/retryable status/, 'COLLECTOR_UNAVAILABLE'],
];

/**
 * Creates what the SDK of OpenTelemetry complains to. Its words quote endpoints, headers and what a collector answered,
 * so nothing of them is logged but the system's word, a status, or the names of variables.
 */
export function createDiagnostics(logger: Logger): DiagLogger {
  const loggedAt = new Map<string, number>();
  const complain = (...words: readonly unknown[]) => {
    const reason = findReason(words.map(String).join(' '));
    const now = performance.now();
    if (now - (loggedAt.get(reason) ?? -Infinity) < PAUSE_MS) return;
    loggedAt.set(reason, now);
    logger.warn({ event: 'traces-failure', reason }, `traces: ${reason}; operations go on without them`);
  };
  return { error: complain, warn: complain, info: ignore, debug: ignore, verbose: ignore };
}

function ignore(): void {
  // What goes well, and details.
}

function findReason(text: string): string {
  // A system's word or an HTTP status, in the JSON that the SDK makes of an error.
  const [, code] = /"code":"(E[A-Z_\d]{2,30}|\d{1,3})"/.exec(text) ?? [];
  if (code !== undefined) return code;
  const variables = new Set(text.match(/\bOTEL_[A-Z_]{1,60}\b/g));
  if (variables.size > 0) return [...variables].join(' ');
  return KNOWN.find(([pattern]) => pattern.test(text))?.[1] ?? 'UNKNOWN';
}
