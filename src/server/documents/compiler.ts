import {
  BREAK,
  type DocumentNode,
  type ExecutionResult,
  getOperationAST,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import type { compileQuery as CompileQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';

import { foldRepeatedFields } from './repeated-fields.js';

/**
 * How often a document that is kept is interpreted before it is compiled, unless configured otherwise. It is kept when it
 * comes for the second time, and compiled with the third: what is sent once or twice is not worth it.
 */
const DEFAULT_COMPILE_AFTER = 1;
/** Source text of compiled documents kept at most, in UTF-16 code units. */
const MAX_SOURCE_LENGTH = 500_000;
/** A longer document is never compiled. */
const MAX_DOCUMENT_LENGTH = 20_000;
/** Operations compiled in a second at most: it takes milliseconds, which nobody may have spent again and again. */
const MAX_COMPILED_PER_S = 20;

/** An operation that is compiled. */
export type CompiledQuery = (
  rootValue: unknown,
  contextValue: unknown,
  variableValues: Readonly<Record<string, unknown>> | null | undefined,
) => ExecutionResult | Promise<ExecutionResult>;

/** An operation, and what it is compiled to. */
export interface CompiledOperation {
  readonly operation: OperationDefinitionNode;
  /** Whether it is the only one of its document, which need not be named. */
  readonly isOnly: boolean;
  readonly query: CompiledQuery;
}

/** Compiles what comes again and again. */
export interface Compiler {
  /** Takes note of an operation that is about to be executed, and gives its compiled form, if it has one by now. */
  note(schema: GraphQLSchema, document: DocumentNode, operationName: string | null | undefined): CompiledQuery | null;
  /** Finds an operation that was compiled by its text, which has to be that of the document letter by letter. */
  find(text: string, operationName: string | null | undefined): CompiledOperation | null;
}

interface Seen {
  times: number;
  /** Null where it cannot be compiled. */
  query?: CompiledQuery | null;
}

/**
 * Creates what compiles operations that are sent again and again. All others are interpreted, which gives the same
 * answers: how often a document comes, and what it holds, decides about its cost alone.
 *
 * What graphql-jit is not given, see {@link isCompilable}, is interpreted as well.
 *
 * @param compileQuery that of graphql-jit, which takes its time to load
 * @param compileAfter how often an operation is interpreted before it is compiled
 * @param now the time in milliseconds, from any start
 */
export function createCompiler(
  compileQuery: typeof CompileQuery,
  compileAfter = DEFAULT_COMPILE_AFTER,
  now = () => performance.now(),
): Compiler {
  // Of documents that somebody else keeps: one that is not kept is not kept here either.
  const seen = new WeakMap<OperationDefinitionNode, Seen>();
  const byText = new Map<string, CompiledOperation[]>();
  // Each as large as its document: what many operations of one document are compiled to is as much.
  const compiled = new LRUCache<OperationDefinitionNode, CompiledOperation>({
    maxSize: MAX_SOURCE_LENGTH,
    sizeCalculation: (_, operation) => textOf(operation).length,
    dispose: (_, operation) => {
      const text = textOf(operation);
      const left = byText.get(text)?.filter((other) => other.operation !== operation) ?? [];
      if (left.length > 0) byText.set(text, left);
      else byText.delete(text);
      seen.delete(operation);
    },
  });
  let second = -1;
  let compiledInSecond = 0;

  const mayCompile = () => {
    const current = Math.floor(now() / 1_000);
    if (current !== second) [second, compiledInSecond] = [current, 0];
    compiledInSecond += 1;
    return compiledInSecond <= MAX_COMPILED_PER_S;
  };

  return {
    note: (schema, document, operationName) => {
      const operation = getOperationAST(document, operationName);
      if (!operation || !mayBeSeenAgain(operation)) return null;
      const known = seen.get(operation) ?? { times: 0 };
      if (known.times === 0) seen.set(operation, known);
      if (known.query !== undefined) return known.query;
      known.times += 1;
      if (known.times <= compileAfter || !mayCompile()) return null;
      known.query = isCompilable(document) ? compile(compileQuery, schema, document, operation) : null;
      if (known.query) {
        const isOnly = getOperationAST(document) === operation;
        const entry = { operation, isOnly, query: known.query };
        const text = textOf(operation);
        byText.set(text, [...(byText.get(text) ?? []), entry]);
        compiled.set(operation, entry);
      }
      return known.query;
    },
    find: (text, operationName) => {
      const found = byText.get(text)?.find((entry) => isMeant(entry, operationName));
      // What is used is the last to be forgotten.
      return (found && compiled.get(found.operation)) ?? null;
    },
  };
}

function isMeant({ operation, isOnly }: CompiledOperation, operationName: string | null | undefined): boolean {
  return operationName === null || operationName === undefined ? isOnly : operation.name?.value === operationName;
}

/** One that was not made of text is none that comes again. */
function mayBeSeenAgain({ loc }: OperationDefinitionNode): boolean {
  return loc !== undefined && loc.source.body.length <= MAX_DOCUMENT_LENGTH;
}

function textOf({ loc }: OperationDefinitionNode): string {
  return loc?.source.body ?? '';
}

function compile(
  compileQuery: typeof CompileQuery,
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): CompiledQuery | null {
  try {
    // What the domain gives is typed: that an enum's value is one of its values is not asked again for each field.
    const options = { disableLeafSerialization: true, disablingCapturingStackErrors: true };
    const folded = foldRepeatedFields(schema, document, operation);
    const result = compileQuery(schema, folded?.document ?? document, operation.name?.value, options);
    if (!('query' in result)) return null;
    const query = result.query as CompiledQuery;
    return folded ? async (...args) => folded.unfold(await query(...args)) : query;
  } catch {
    // Where a process may make no code of text (--disallow-code-generation-from-strings), everything is interpreted.
    return null;
  }
}

/** Letters, digits and what slugs have between them; two underscores in a row begin the marks that graphql-jit looks for. */
const PLAIN_WORD = /^(?!.*__)[\w.-]{0,64}$/;

/**
 * Tells whether a document may be given to graphql-jit 0.8, which makes code of it.
 *
 * - No text but a plain word, such as a connector's slug: it writes those that arguments hold into the code, and one
 *   that is made for it leaves its quotes. Nothing else of a document can: all other words of it are names and numbers.
 * - No underscore in a name: it tells the places of an answer apart by their names with `_` between them, so that `a_b`
 *   and `b` in `a` would be one; nor is `__proto__` a key like another.
 * - No directive: it knows a fragment's conditions by the fragment and not by where it is spread.
 */
export function isCompilable(document: DocumentNode): boolean {
  let isFit = true;
  const refuse = () => {
    isFit = false;
    return BREAK;
  };
  visit(document, {
    [Kind.STRING]: ({ value }) => (PLAIN_WORD.test(value) ? undefined : refuse()),
    [Kind.DIRECTIVE]: refuse,
    [Kind.FIELD]: ({ alias, name }) =>
      alias?.value.includes('_') || (name.value !== '__typename' && name.value.includes('_')) ? refuse() : undefined,
    [Kind.OPERATION_DEFINITION]: ({ operation }) => (operation === OperationTypeNode.QUERY ? undefined : refuse()),
  });
  return isFit;
}
