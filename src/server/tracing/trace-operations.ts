import type { OperationObserver } from '../operations/operation-observer.js';
import type { Tracing } from './tracing.js';

/** Creates what traces each operation that was let in, from when its body was read until its result is there. */
export function createOperationTrace(tracing: Tracing): OperationObserver {
  return {
    onParams: (record) => {
      record.span ??= tracing.startOperation(record.headers);
    },
    onExecute: (record) => {
      if (record.operation) record.span?.describe(record.operation.operation, record.describe()?.name ?? null);
    },
    onResult: (record, result) => record.span?.end(record.toReport(result)),
  };
}
