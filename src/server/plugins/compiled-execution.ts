import type { Plugin } from 'graphql-yoga';

import { createCompiler } from '../compiler.js';

/** Executes operations that are sent again and again by compiled code, and all others as ever. */
export function useCompiledExecution(): Plugin {
  const find = createCompiler();
  return {
    onExecute({ args: { schema, document, operationName }, setExecuteFn }) {
      const query = find(schema, document, operationName);
      if (!query) return;
      setExecuteFn(({ rootValue, contextValue, variableValues }) => query(rootValue, contextValue, variableValues));
    },
  };
}
