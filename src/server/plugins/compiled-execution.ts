import type { Plugin } from 'graphql-yoga';

import { type Compiler, createCompiler } from '../documents/compiler.js';

/** Executes operations that are sent again and again by compiled code, and all others as ever. */
export function useCompiledExecution(compileAfter: number | undefined): Plugin {
  let find: Compiler | null = null;
  let loading: Promise<void> | null = null;
  // With the first operation, which does not wait for it: a start would take a tenth of a second more.
  const load = async () => {
    const { compileQuery } = await import('graphql-jit');
    find = createCompiler(compileQuery, compileAfter);
  };
  return {
    onExecute({ args: { schema, document, operationName }, setExecuteFn }) {
      if (!find) {
        loading ??= load();
        return;
      }
      const query = find(schema, document, operationName);
      if (!query) return;
      setExecuteFn(({ rootValue, contextValue, variableValues }) => query(rootValue, contextValue, variableValues));
    },
  };
}
