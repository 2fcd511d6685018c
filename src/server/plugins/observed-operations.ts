import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';

import type { OperationObserver } from '../operations/operation-observer.js';
import { recordOf } from '../operations/operation-record.js';

/** Tells an observer what becomes of each operation. */
export function useObservedOperations({ onParams, onExecute, onResult }: Required<OperationObserver>): Plugin {
  return {
    onParams({ request }) {
      onParams(recordOf(request));
    },
    onExecute({ args: { document, operationName, contextValue } }) {
      const record = recordOf(contextValue.request);
      record.operation = getOperationAST(document, operationName) ?? null;
      onExecute(record);
    },
    onResultProcess({ request, result }) {
      onResult(recordOf(request), result);
    },
  };
}
