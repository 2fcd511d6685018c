import type { ConnectionReading } from '../domain/connection.js';
import type { PlatformErrorCode } from './errors.js';

/** The target of requests for one kind of owner. Names no owner. */
export interface PlatformTarget {
  readonly address: string;
  readonly port: number;
  /** The path with placeholders for the owner's id and the connector's slug. */
  readonly urlTemplate: string;
}

/** Observes one lookup, for metrics and tracing. Errors of its methods are dropped. */
export interface LookupObserver {
  /** Called when the lookup joins another one, whose observer receives the attempts. */
  onJoin?(): void;
  /** Called before each request. `retries` is 0 for the first one, 1 for its first retry. */
  onAttempt?(target: PlatformTarget, retries: number): AttemptObserver | undefined;
  /** Called at the end of the lookup with a reading or an error. */
  onEnd?(reading: ConnectionReading | null, error: unknown): void;
}

/** Observes one request to the platform. Its errors are dropped. */
export interface AttemptObserver {
  /** Additional request headers. They cannot replace the client's own. If HTTP does not allow one, none is sent. */
  readonly headers: Readonly<Record<string, string>>;
  /** Called at the end of the request with its status, if there was a response, and its error code, if it failed. */
  onEnd(status: number | null, code: PlatformErrorCode | null): void;
}

/** Calls an observer and returns its result, or undefined if it threw. Drops its error or rejection. */
export function notify<Returned>(observe: () => Returned): Returned | undefined {
  try {
    const returned = observe();
    // Not `instanceof`: the promise may come from another realm or a library.
    if (typeof returned === 'object' && returned !== null && 'then' in returned) {
      Promise.resolve(returned).catch(() => undefined);
    }
    return returned;
  } catch {
    return undefined;
  }
}
