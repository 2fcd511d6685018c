import { type ConnectionReading, type ConnectionState, toConnectionState } from '../../domain/connection.js';
import { isPlatformError } from '../../platform/errors.js';

/** What came of an operation: what its log line and its span say. Nothing in it is from its arguments or its result. */
export interface OperationReport {
  /** Codes of its errors, each once. */
  readonly codes: readonly string[];
  /** Connections that were looked up. */
  readonly lookups: number;
  readonly platformRequests: number;
  /** Tokens that were given out. */
  readonly tokens: number;
  readonly refusals: number;
}

/** What came of a lookup, in the words of the metrics. */
export interface LookupReport {
  readonly connector: string;
  readonly outcome: ConnectionState | 'FAILED';
  /** Why it failed. */
  readonly code: string | null;
  /** Whether it shared the requests of another one. */
  readonly joined: boolean;
}

/** Says how a lookup ended: with a reading, or with an error. */
export function toLookupOutcome(
  reading: ConnectionReading | null,
  error: unknown,
): Pick<LookupReport, 'outcome' | 'code'> {
  if (reading) return { outcome: toConnectionState(reading), code: null };
  return { outcome: 'FAILED', code: isPlatformError(error) ? error.code : 'INTERNAL_SERVER_ERROR' };
}

/** Codes beside `PLATFORM_…` that are no matter of whoever asks. */
const OWN_FAILURES: ReadonlySet<string> = new Set(['OVERLOADED', 'AUDIT_UNAVAILABLE', 'INTERNAL_SERVER_ERROR']);

/** Tells whether a code is of a failure of the platform or of this gateway, and not of what was asked. */
export function isFailure(code: string): boolean {
  return code.startsWith('PLATFORM_') || OWN_FAILURES.has(code);
}
