import type { AttemptObserver, PlatformTarget } from '../../platform/lookup-observer.js';
import type { LookupReport, OperationReport } from '../operations/operation-report.js';

/** Traces operations: a span for each, below it one for each lookup, and below that one for each request to the platform. */
export interface Tracing {
  /** Starts the span of an operation, below the span that is active, or else the one that the headers name. */
  startOperation(headers: Pick<Headers, 'get'>): OperationSpan;
  /** Hands over what has not been exported yet, within a bounded time. */
  close(): Promise<void>;
}

/** The span of an operation. */
export interface OperationSpan {
  readonly traceId: string;
  /** Says what is executed: a query, and its name. */
  describe(type: string, name: string | null): void;
  startLookup(): LookupSpan;
  end(report: OperationReport): void;
}

/** The span of a lookup. */
export interface LookupSpan {
  startAttempt(target: PlatformTarget, retries: number): AttemptObserver;
  end(report: LookupReport): void;
}
