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
  /** The `code` extension of its error. */
  readonly code: string;
  /** Why its credentials were refused; undefined for other refusals. */
  readonly reason?: string | undefined;
  /** The `credential` of `RefusedCredentials`. */
  readonly credential?: string | undefined;
}

/** Observes the server, for the log, the metrics or the traces. It decides nothing. Its methods must not throw. */
export interface Observer {
  /** Called with each request that is refused before its operation is executed. */
  onRefusal?(refused: RefusedRequest): void;
  /** Called once the body of an operation has been read. */
  onOperationStart?(record: RequestRecord): void;
  /** Called before an operation is executed. The record has its definition. */
  onOperationExecute?(record: RequestRecord): void;
  /** Called with the result of each operation. Its errors have their codes. */
  onOperationEnd?(record: RequestRecord, result: ExecutionResult): void;
  /** Called when a lookup starts. Returns its observer, if any. */
  onLookupStart?(record: RequestRecord, key: ConnectionKey): LookupObserver | undefined;
  /** Called with each audit event, and a promise that resolves once it is written. */
  onAuditEvent?(event: AuditEvent, written: void | Promise<void>): void;
  /** Called with each failed lookup, lost audit event and bug. */
  onFailure?(failure: ConnectionsFailure): void;
  /** Called with each event of the platform client. */
  onPlatformEvent?(event: PlatformEvent): void;
  /** Called when a request is refused because of overload, with the number of requests in flight and the reason. */
  onOverload?(inFlight: number, reason: string | undefined): void;
  /** Called with the name of the limit when a connection is closed because of a limit of HTTP. */
  onHttpLimit?(limit: string): void;
}

/** Combines observers into one. */
export function combineObservers(observers: readonly Observer[]): Required<Observer> {
  return {
    onRefusal: (refused) => observers.forEach((observer) => observer.onRefusal?.(refused)),
    onOperationStart: (record) => observers.forEach((observer) => observer.onOperationStart?.(record)),
    onOperationExecute: (record) => observers.forEach((observer) => observer.onOperationExecute?.(record)),
    onOperationEnd: (record, result) => observers.forEach((observer) => observer.onOperationEnd?.(record, result)),
    onLookupStart: (record, key) => {
      const found = observers.flatMap((observer) => observer.onLookupStart?.(record, key) ?? []);
      return found.length > 1 ? combineLookupObservers(found) : found[0];
    },
    onAuditEvent: (event, written) => observers.forEach((observer) => observer.onAuditEvent?.(event, written)),
    onFailure: (failure) => observers.forEach((observer) => observer.onFailure?.(failure)),
    onPlatformEvent: (event) => observers.forEach((observer) => observer.onPlatformEvent?.(event)),
    onOverload: (...facts) => observers.forEach((observer) => observer.onOverload?.(...facts)),
    onHttpLimit: (limit) => observers.forEach((observer) => observer.onHttpLimit?.(limit)),
  };
}

/** Returns a sink that writes to `sink` and reports each event to an observer. */
export function observeAudit(sink: AuditSink, observer: Required<Observer>): AuditSink {
  return (event) => {
    const written = sink(event);
    observer.onAuditEvent(event, written);
    return written;
  };
}

/** Combines the observers of one lookup. Only the trace's observer has request headers. */
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
