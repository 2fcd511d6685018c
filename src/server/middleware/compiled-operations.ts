import type { ExecutionResult } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';

import type { ConnectionsContext } from '../../schema/context.js';
import type { CompiledDocuments, CompiledOperation } from '../documents/compiler.js';
import { DOCUMENT_ID, findText, type TrustedDocuments } from '../documents/trusted-documents.js';
import type { AskedRequest } from '../http/asked-request.js';
import type { OperationObserver } from '../operations/operation-observer.js';
import { type OperationRecord, recordOf } from '../operations/operation-record.js';
import { isTooLong } from '../plugins/answer-size.js';
import { readParams } from '../plugins/json-body.js';
import { OperationAnswer, type Middleware, type NodeContext } from './create-middleware.js';

interface CompiledOperationsOptions {
  readonly compiledDocuments: CompiledDocuments;
  readonly trustedDocuments: TrustedDocuments | undefined;
  readonly observer: Required<OperationObserver>;
  readonly toContext: (record: OperationRecord, request: AskedRequest, context: NodeContext) => ConnectionsContext;
}

/** What an answer is written as, by what is accepted. Whatever else somebody accepts, Yoga understands. */
const MEDIA_TYPES: ReadonlyMap<string | null, string> = new Map([
  ...[null, '*/*', 'application/json'].map((accept) => [accept, 'application/json; charset=utf-8'] as const),
  ['application/graphql-response+json', 'application/graphql-response+json; charset=utf-8'],
]);
const PARAMETERS = ['query', 'variables', 'operationName', 'extensions'];

/**
 * Creates what executes the operations of trusted documents by compiled code: a middleware that answers what is without
 * errors itself, and a plugin for all else, which goes through Yoga as ever: what is not compiled, what is not
 * understood at once, and a result with errors.
 *
 * Yoga asks each of its plugins at each step what it thinks of an operation, which takes longer than all else about one
 * that has been parsed, validated and compiled.
 */
export function createCompiledOperations(options: CompiledOperationsOptions): {
  readonly middleware: Middleware;
  readonly plugin: Plugin;
} {
  const { compiledDocuments, trustedDocuments, observer, toContext } = options;
  const parameters = new Set(trustedDocuments ? [...PARAMETERS, DOCUMENT_ID] : PARAMETERS);

  const find = (params: GraphQLParams): CompiledOperation | null => {
    if (!isPlain(params, parameters)) return null;
    const text = findText(params, trustedDocuments);
    return text === null ? null : compiledDocuments.find(text, params.operationName);
  };

  /** Executes an operation if it is compiled, and gives what is to be answered if that is all there is to it. */
  const answer = async (request: AskedRequest, context: NodeContext): Promise<string | null> => {
    const record = recordOf(request);
    const params = await readParams(request, context).catch(() => null);
    const compiled = params && find(params);
    if (!compiled) return null;
    observer.onParams(record);
    record.operation = compiled.operation;
    observer.onExecute(record);
    const execute = async () => compiled.query(undefined, toContext(record, request, context), params.variables);
    record.result = execute();
    const result = await record.result.catch(() => null);
    if (result && isRefused(result)) record.result = null;
    if (!result || result.errors || isTooLong(result)) return null;
    observer.onResult(record, result);
    return JSON.stringify(result);
  };

  const middleware: Middleware = async (request, context) => {
    const mediaType = MEDIA_TYPES.get(request.headers.get('accept'));
    if (mediaType === undefined) return null;
    const body = await answer(request, context);
    return body === null ? null : new OperationAnswer(body, mediaType);
  };
  const plugin: Plugin = {
    onParams({ request, setParamsHandler }) {
      const { result } = recordOf(request);
      // It is there already, and something is wrong with it.
      if (result) setParamsHandler(() => result);
    },
    onExecute({ args: { document, operationName }, executeFn, setExecuteFn }) {
      const text = document.definitions[0]?.loc?.source.body;
      const compiled = text === undefined ? null : compiledDocuments.find(text, operationName);
      if (!compiled) return;
      setExecuteFn(async (args) => {
        const result = await compiled.query(args.rootValue, args.contextValue, args.variableValues);
        return isRefused(result) ? executeFn(args) : result;
      });
    },
  };
  return { middleware, plugin };
}

/** Tells whether nothing was executed, because of its variables: the words for that are to be those of the interpreter. */
function isRefused({ data }: ExecutionResult): boolean {
  return data === undefined;
}

/** Tells whether all of a body is of the kind that it has to be; what Yoga says of it else, is its own. */
function isPlain(params: GraphQLParams, parameters: ReadonlySet<string>): boolean {
  if (Array.isArray(params)) return false;
  for (const name of Object.keys(params)) if (!parameters.has(name)) return false;
  const { variables, operationName, extensions } = params as Record<string, unknown>;
  return typeof (operationName ?? '') === 'string' && isObject(variables ?? {}) && isObject(extensions ?? {});
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
