import { type ConnectionReading, type ConnectionState, toConnectionState } from '../../domain/connection.js';
import { isPlatformError } from '../../platform/errors.js';

/** The outcome of a lookup, with the same values as in the metrics. */
export interface LookupOutcome {
  readonly outcome: ConnectionState | 'FAILED';
  /** Error code of a failed lookup, else null. */
  readonly code: string | null;
}

/** Converts the reading or the error of a lookup to its outcome. */
export function toLookupOutcome(reading: ConnectionReading | null, error: unknown): LookupOutcome {
  if (reading) return { outcome: toConnectionState(reading), code: null };
  return { outcome: 'FAILED', code: isPlatformError(error) ? error.code : 'INTERNAL_SERVER_ERROR' };
}

/** Codes other than `PLATFORM_…` that are not the caller's fault. */
const OWN_FAILURES: ReadonlySet<string> = new Set(['OVERLOADED', 'AUDIT_UNAVAILABLE', 'INTERNAL_SERVER_ERROR']);

/** Returns whether a code reports a failure of the platform or this server, not of the caller. */
export function isFailureCode(code: string): boolean {
  return code.startsWith('PLATFORM_') || OWN_FAILURES.has(code);
}
