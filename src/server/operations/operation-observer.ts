import type { OperationRecord } from './operation-record.js';

/** Is told what becomes of each operation that was let in: for logs, metrics and traces. Its functions must not throw. */
export interface OperationObserver {
  /** Its body is read. */
  onParams?(record: OperationRecord): void;
  /** It is about to be executed: the record knows by now what it is. */
  onExecute?(record: OperationRecord): void;
  /** Its result is there, with its errors coded. */
  onResult?(record: OperationRecord, result: object): void;
}

/** Makes one observer of several. */
export function observeAll(observers: readonly OperationObserver[]): Required<OperationObserver> {
  return {
    onParams: (record) => observers.forEach((observer) => observer.onParams?.(record)),
    onExecute: (record) => observers.forEach((observer) => observer.onExecute?.(record)),
    onResult: (record, result) => observers.forEach((observer) => observer.onResult?.(record, result)),
  };
}
