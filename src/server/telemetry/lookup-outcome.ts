import { type ConnectionReading, type ConnectionState, toConnectionState } from '../../domain/connection.js';
import { isPlatformError } from '../../platform/errors.js';

/** How a lookup ended, in the words of the metrics. */
export interface LookupOutcome {
  readonly outcome: ConnectionState | 'FAILED';
  /** Why it failed; null if it did not. */
  readonly code: string | null;
}

/** Returns how a lookup ended: with a reading, or with an error. */
export function toLookupOutcome(reading: ConnectionReading | null, error: unknown): LookupOutcome {
  if (reading) return { outcome: toConnectionState(reading), code: null };
  return { outcome: 'FAILED', code: isPlatformError(error) ? error.code : 'INTERNAL_SERVER_ERROR' };
}

/** Codes beside `PLATFORM_…` that are not the caller's fault. */
const OWN_FAILURES: ReadonlySet<string> = new Set(['OVERLOADED', 'AUDIT_UNAVAILABLE', 'INTERNAL_SERVER_ERROR']);

/** Returns whether a code reports a failure of the platform or of this server, and not of the caller. */
export function isFailureCode(code: string): boolean {
  return code.startsWith('PLATFORM_') || OWN_FAILURES.has(code);
}
