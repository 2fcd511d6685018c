import {
  BREAK,
  type DocumentNode,
  type ExecutionResult,
  getVariableValues,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  validate,
  visit,
} from 'graphql';
import { describeFileProblem, readTextFile } from '../config/file-problem.js';
import type { TrustedDocumentsMode } from '../config/configuration.js';
import type { compileQuery as CompileQuery } from 'graphql-jit';
import type { Plugin } from 'graphql-yoga';

/** The documents that callers can execute by id. */
export interface TrustedDocuments {
  readonly mode: TrustedDocumentsMode;
  /** Source text by id. */
  readonly documents: ReadonlyMap<string, string>;
}

/**
 * Returns the text of a trusted document, or null. The ids of graphql-codegen begin with the algorithm. Apollo's
 * clients send only the hash.
 */
export function findTrustedText({ documents }: TrustedDocuments, id: string): string | null {
  return documents.get(id) ?? documents.get(`sha256:${id}`) ?? null;
}

/** Lists every problem of a manifest of trusted documents. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';

  constructor(readonly problems: readonly string[]) {
    super(['Invalid manifest of trusted documents:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
  }
}

/**
 * Reads a manifest: a JSON object of ids and documents, as graphql-codegen and Relay write it, or a list of operations,
 * as Apollo's tools write it.
 *
 * @throws {ManifestError} with each document that this schema cannot execute
 */
export function readManifest(path: string, schema: GraphQLSchema): ReadonlyMap<string, string> {
  const entries = listDocuments(readObject(path));
  if (entries.length === 0) throw new ManifestError(['It has no documents.']);
  const documents = new Map(entries);
  const problems = entries.flatMap(([id, text]) => {
    const problem = documents.get(id) === text ? findDocumentProblem(text, schema) : 'has two documents';
    return problem === null ? [] : [`${id.slice(0, 80)}: ${problem}`];
  });
  if (problems.length > 0) throw new ManifestError(problems);
  return documents as ReadonlyMap<string, string>;
}

/** Returns the ids and documents of a manifest in any of the formats. */
function listDocuments(manifest: object): [id: string, text: unknown][] {
  const { format, version, operations } = manifest as Readonly<Record<string, unknown>>;
  if (format !== 'apollo-persisted-query-manifest') return Object.entries(manifest);
  if (version !== 1 || !Array.isArray(operations)) {
    throw new ManifestError(["It must be version 1 of Apollo's format, with a list of operations."]);
  }
  return operations.map((operation: { readonly id?: unknown; readonly body?: unknown } | null, index) => {
    if (typeof operation?.id !== 'string') throw new ManifestError([`operations[${index}]: has no id`]);
    return [operation.id, operation.body];
  });
}

function readObject(path: string): object {
  let text: string;
  try {
    text = readTextFile(path);
  } catch (error) {
    throw new ManifestError([`It cannot be read: ${describeFileProblem(error)}`]);
  }
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ManifestError(['It must be a JSON object of ids and documents.']);
  }
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function findDocumentProblem(text: unknown, schema: GraphQLSchema): string | null {
  if (typeof text !== 'string') return 'is not a string';
  try {
    return validate(schema, parse(text))[0]?.message ?? null;
  } catch {
    return 'is not GraphQL';
  }
}

/** Executes a compiled operation. With an invalid variable, the result has no `data`: graphql-js finds the error. */
export type CompiledQuery = (
  rootValue: unknown,
  contextValue: unknown,
  variableValues: Readonly<Record<string, unknown>> | null | undefined,
) => ExecutionResult | Promise<ExecutionResult>;

/** An operation of a trusted document, and its compiled form. */
export interface CompiledOperation {
  readonly operation: OperationDefinitionNode;
  /** Whether it is the only operation of its document, so that a request need not name it. */
  readonly isOnly: boolean;
  readonly query: CompiledQuery;
}

/** The compiled trusted documents. */
export interface CompiledDocuments {
  /** Number of compiled documents. */
  readonly size: number;
  /** Whether `--disallow-code-generation-from-strings` forbids compiled code. Then no document is compiled. */
  readonly isForbidden: boolean;
  /** Returns an operation by the exact text of its document and by its name, or null. */
  find(text: string, operationName: string | null | undefined): CompiledOperation | null;
}

/**
 * Compiles the documents of the trusted manifest once, when the server starts. A document that a caller sends is never
 * compiled: graphql-jit turns a document's strings into code, visits a fragment again for each spread, and takes
 * milliseconds for each document. See decision 021.
 *
 * A document that {@link isCompilable} rejects is interpreted, with the same result.
 *
 * @param texts the texts of the documents, which must be valid
 */
export async function compileDocuments(schema: GraphQLSchema, texts: Iterable<string>): Promise<CompiledDocuments> {
  const { compileQuery } = await import('graphql-jit');
  const byText = new Map<string, readonly CompiledOperation[]>();
  let isForbidden = false;
  for (const text of texts) {
    try {
      const operations = compileDocument(compileQuery, schema, parse(text));
      if (operations.length > 0) byText.set(text, operations);
    } catch (error) {
      if (!(error instanceof EvalError)) throw error;
      isForbidden = true;
    }
  }
  return {
    size: byText.size,
    isForbidden,
    find: (text, operationName) => byText.get(text)?.find((operation) => isMeant(operation, operationName)) ?? null,
  };
}

/** Creates the plugin that executes a compiled operation instead of its document. */
export function useCompiledDocuments(compiled: CompiledDocuments): Plugin {
  return {
    onExecute({ args: { document, operationName }, executeFn, setExecuteFn }) {
      const text = document.definitions[0]?.loc?.source.body;
      const operation = text === undefined ? null : compiled.find(text, operationName);
      if (!operation) return;
      setExecuteFn(async (args) => {
        const result = await operation.query(args.rootValue, args.contextValue, args.variableValues);
        // A variable is invalid, so nothing was executed. graphql-js finds the error.
        return result.data === undefined ? executeFn(args) : result;
      });
    },
  };
}

function isMeant({ operation, isOnly }: CompiledOperation, operationName: string | null | undefined): boolean {
  return operationName === null || operationName === undefined ? isOnly : operation.name?.value === operationName;
}

function compileDocument(
  compileQuery: typeof CompileQuery,
  schema: GraphQLSchema,
  document: DocumentNode,
): CompiledOperation[] {
  if (!isCompilable(document)) return [];
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  return operations.flatMap((operation) => {
    const query = compileOperation(compileQuery, schema, document, operation);
    return query ? [{ operation, isOnly: operations.length === 1, query }] : [];
  });
}

function compileOperation(
  compileQuery: typeof CompileQuery,
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): CompiledQuery | null {
  // The types of the domain allow only valid enum values, so they are not checked again for each field.
  const options = { disableLeafSerialization: true, disablingCapturingStackErrors: true };
  const result = compileQuery(schema, document, operation.name?.value, options);
  return 'query' in result ? withExactVariables(schema, operation, result.query as CompiledQuery) : null;
}

/** Reads the variables with graphql-js. graphql-jit's own code for `ID` accepts rounded numbers. */
function withExactVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  query: CompiledQuery,
): CompiledQuery {
  if (variableDefinitions.length === 0) return query;
  return (rootValue, contextValue, variableValues) => {
    const { coerced, errors } = getVariableValues(schema, variableDefinitions, variableValues ?? {});
    return errors ? { errors } : query(rootValue, contextValue, coerced);
  };
}

/** Letters, digits, and the punctuation of slugs. Excludes `__`, which begins the marks that graphql-jit looks for. */
const PLAIN_WORD = /^(?!.*__)[\w.-]{0,64}$/;

/**
 * Returns whether graphql-jit 0.8 executes a document as graphql-js does.
 *
 * - Strings must be plain words, such as a connector's slug. graphql-jit writes argument strings into its code, and a
 *   crafted string breaks out of its quotes.
 * - Names must not contain an underscore. graphql-jit joins response names with `_`, so `a_b` would equal `b` in `a`.
 * - There must be no directive. graphql-jit applies a fragment's conditions to the fragment instead of to its spread.
 * - A nullable variable must have no default. Its null may reach an argument that must not be null. graphql-js then
 *   fails only that field, but graphql-jit fails the whole operation.
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
    [Kind.VARIABLE_DEFINITION]: ({ type, defaultValue }) =>
      defaultValue && type.kind !== Kind.NON_NULL_TYPE ? refuse() : undefined,
    [Kind.OPERATION_DEFINITION]: ({ operation }) => (operation === OperationTypeNode.QUERY ? undefined : refuse()),
  });
  return isFit;
}
