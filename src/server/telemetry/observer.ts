import type { ExecutionResult } from 'graphql';
import type { AuditEvent, AuditSink } from '../../access/audit.js';
import type { ConnectionKey } from '../../domain/connection-key.js';
import type { PlatformEvent } from '../../platform/client.js';
import type { LookupObserver } from '../../platform/observer.js';
import type { ConnectionsFailure } from '../../schema/firewall.js';
import type { RequestRecord } from '../request-record.js';

/** A request that was refused before its operation was executed. */
export interface RefusedRequest {
  readonly record: RequestRecord;
  /** The code in the extensions of its error. */
  readonly code: string;
  /** Why its credentials were refused; undefined for any other refusal. */
  readonly reason?: string | undefined;
  /** What the policy file knows of those credentials. */
  readonly credential?: string | undefined;
}

/**
 * Observes the server: the log, the metrics and the traces are three observers of this kind. An observer decides nothing,
 * and its methods must not throw.
 */
export interface Observer {
  /** Called when a request was refused before its operation was executed. */
  onRefusal?(refused: RefusedRequest): void;
  /** Called when the body of an operation is read. */
  onOperationStart?(record: RequestRecord): void;
  /** Called when an operation is about to be executed: the record knows its definition. */
  onOperationExecute?(record: RequestRecord): void;
  /** Called with the result of an operation, whose errors have their codes. */
  onOperationEnd?(record: RequestRecord, result: ExecutionResult): void;
  /** Called when a lookup starts. Returns its observer, if this lookup is to be observed. */
  onLookupStart?(record: RequestRecord, key: ConnectionKey): LookupObserver | undefined;
  /** Called with each audit event, and the promise that is fulfilled once it is written. */
  onAuditEvent?(event: AuditEvent, written: void | Promise<void>): void;
  /** Called with each failed lookup, lost audit event and bug. */
  onFailure?(failure: ConnectionsFailure): void;
  /** Called with what the platform client does beside responding. */
  onPlatformEvent?(event: PlatformEvent): void;
  /** Called with each request that is refused because the server is overloaded, and how many are in flight. */
  onOverload?(inFlight: number): void;
}

/** Combines observers into one. */
export function combineObservers(observers: readonly Observer[]): Required<Observer> {
  const starters = observers.filter(({ onLookupStart }) => onLookupStart !== undefined);
  return {
    onRefusal: (refused) => observers.forEach((observer) => observer.onRefusal?.(refused)),
    onOperationStart: (record) => observers.forEach((observer) => observer.onOperationStart?.(record)),
    onOperationExecute: (record) => observers.forEach((observer) => observer.onOperationExecute?.(record)),
    onOperationEnd: (record, result) => observers.forEach((observer) => observer.onOperationEnd?.(record, result)),
    onLookupStart: (record, key) => {
      if (starters.length === 0) return undefined;
      const found = starters.flatMap((observer) => observer.onLookupStart?.(record, key) ?? []);
      return found.length > 1 ? combineLookupObservers(found) : found[0];
    },
    onAuditEvent: (event, written) => observers.forEach((observer) => observer.onAuditEvent?.(event, written)),
    onFailure: (failure) => observers.forEach((observer) => observer.onFailure?.(failure)),
    onPlatformEvent: (event) => observers.forEach((observer) => observer.onPlatformEvent?.(event)),
    onOverload: (inFlight) => observers.forEach((observer) => observer.onOverload?.(inFlight)),
  };
}

/** Returns a sink that writes to `sink`, and reports each event to an observer. */
export function observeAudit(sink: AuditSink, observer: Required<Observer>): AuditSink {
  return (event) => {
    const written = sink(event);
    observer.onAuditEvent(event, written);
    return written;
  };
}

/** Combines the observers of one lookup. Only one of them, the trace's, has headers for the request. */
function combineLookupObservers(observers: readonly LookupObserver[]): LookupObserver {
  return {
    onJoin: () => observers.forEach((observer) => observer.onJoin?.()),
    onAttempt: (target, retries) => {
      const [attempt] = observers.flatMap((observer) => observer.onAttempt?.(target, retries) ?? []);
      return attempt;
    },
    onEnd: (reading, error) => observers.forEach((observer) => observer.onEnd?.(reading, error)),
  };
}
