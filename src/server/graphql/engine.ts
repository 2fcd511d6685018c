import {
  type DocumentNode,
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
} from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import { type ConnectionsContext, createConnectionsContext } from '../../schema/context.js';
import { ERROR_CODES } from '../../schema/error-codes.js';
import { codedError } from '../../schema/firewall.js';
import { limitOf, withLimit } from '../../schema/limit-error.js';
import type { RequestRecord } from '../request-record.js';
import type { Observer } from '../telemetry/observer.js';
import { type CompiledDocuments, useCompiledDocuments } from './trusted-documents.js';
import { createDocumentCache } from './document-cache.js';
import { useDocumentLimits } from './document-limits.js';

/** An operation from the body of a request. */
export interface OperationRequest {
  /** The text of the document. */
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Configures {@link createEngine}. */
export interface EngineOptions {
  readonly schema: GraphQLSchema;
  /** Whether introspection is allowed. */
  readonly introspection: boolean;
  /** The trusted documents that are executed by compiled code. @default none, so that every document is interpreted */
  readonly compiledDocuments?: CompiledDocuments | undefined;
  readonly observer: Required<Observer>;
}

/** Executes operations. */
export interface Engine {
  /** Parses, validates and executes an operation. Never rejects: every error is in the result, with its code. */
  execute(record: RequestRecord, operation: OperationRequest): Promise<ExecutionResult>;
  /** Responds to an operation with a stream of events, which Yoga writes. */
  stream(record: RequestRecord, operation: OperationRequest, headers: Readonly<Record<string, string>>): Promise<null>;
}

/** Yoga's context of a request. */
interface ServerContext {
  readonly record: RequestRecord;
  readonly operation: OperationRequest;
  /** Headers of a stream, in addition to Yoga's own. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Creates the engine: Yoga with one plugin for each behavior. The HTTP handler replaces Yoga's HTTP layer, except that
 * Yoga writes streams, after the same steps.
 */
export function createEngine(options: EngineOptions): Engine {
  const { schema, introspection, compiledDocuments, observer } = options;
  const yoga = createYoga<ServerContext, ConnectionsContext>({
    schema,
    context: ({ record }) => toContext(record),
    graphiql: false,
    landingPage: false,
    cors: false,
    multipart: false,
    parserAndValidationCache: { documentCache: createDocumentCache() },
    // Yoga's logger prints complete errors, and its mask shows them in development.
    logging: false,
    maskedErrors: { isDev: false, errorMessage: ERROR_CODES.INTERNAL_SERVER_ERROR.message },
    plugins: [
      useDocumentLimits(),
      introspection ? {} : useNoIntrospection(),
      compiledDocuments ? useCompiledDocuments(compiledDocuments) : {},
      useStreams(observer),
    ],
  });

  const run = async (record: RequestRecord, operation: OperationRequest): Promise<ExecutionResult> => {
    const { query, operationName, variables } = operation;
    const { parse, validate, contextFactory, execute, schema: served } = yoga.getEnveloped({ record });
    try {
      const document = parseWithCode(parse, query);
      const errors = validate(served, document);
      if (errors.length > 0) return { errors };
      record.operation = getOperationAST(document, operationName) ?? null;
      observer.onOperationExecute(record);
      const contextValue = await contextFactory();
      return await execute({ schema: served, document, contextValue, variableValues: variables, operationName });
    } catch (error) {
      // The document cannot be parsed, or exceeds a limit.
      if (error instanceof GraphQLError) return { errors: [error] };
      observer.onFailure({ code: 'INTERNAL_SERVER_ERROR', requestId: record.requestId, error });
      return { errors: [codedError('INTERNAL_SERVER_ERROR', record.requestId)] };
    }
  };

  return {
    execute: async (record, operation) => toCodedResult(await run(record, operation), record.requestId),
    stream: async (record, operation, headers) => {
      await yoga(record.request, record.response, { record, operation, headers });
      return null;
    },
  };
}

/** Parses a document. A syntax error gets the same code as in Yoga's HTTP layer. */
function parseWithCode(parse: (query: string) => DocumentNode, query: string): DocumentNode {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) error.extensions['code'] ??= 'GRAPHQL_PARSE_FAILED';
    throw error;
  }
}

function toContext(record: RequestRecord): ConnectionsContext {
  return createConnectionsContext({
    requestId: record.requestId,
    signal: record.createSignal(),
    caller: record.authenticated?.caller,
    observer: record,
  });
}

/** Creates the plugin that refuses introspection. */
function useNoIntrospection(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(NoSchemaIntrospectionCustomRule);
    },
  };
}

/** Creates the plugin that passes the results of the handler's steps to Yoga's HTTP layer, which writes streams. */
function useStreams(observer: Required<Observer>): Plugin<ServerContext, ServerContext> {
  return {
    onRequestParse({ serverContext, setRequestParser }) {
      const { query, operationName, variables } = serverContext.operation;
      setRequestParser(() => ({
        query,
        ...(operationName && { operationName }),
        ...(variables && { variables }),
      }));
    },
    onResponse({ serverContext, response }) {
      const { record, headers } = serverContext;
      const own = {
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-request-id': record.requestId,
      };
      for (const [name, value] of Object.entries({ ...own, ...headers })) response.headers.set(name, value);
    },
    onExecute({ args }) {
      const { record } = args.contextValue as ServerContext;
      if (record.operation) return;
      record.operation = getOperationAST(args.document, args.operationName) ?? null;
      observer.onOperationExecute(record);
    },
    onResultProcess({ serverContext: { record }, result, setResult }) {
      if (Symbol.asyncIterator in result || Array.isArray(result)) return;
      const coded = toCodedResult(result, record.requestId);
      observer.onOperationEnd(record, coded);
      setResult(coded);
    },
  };
}

/** Approximate maximum length of a response, in characters. */
const MAX_LENGTH = 16_000_000;
/** Characters that a value takes in addition to its text. */
const PUNCTUATION = 4;

/**
 * Adds a code to each error of a result, and replaces a result that would take too much memory to write.
 *
 * The schema's errors already have their codes. GraphQL's own errors (syntax, validation, variables) get the same
 * extensions.
 */
function toCodedResult(result: ExecutionResult, requestId: string): ExecutionResult {
  const { data, errors } = result;
  const coded = errors?.map((error) => toCodedError(error, requestId));
  if (lengthOf([data, coded], MAX_LENGTH) <= MAX_LENGTH)
    return { ...(coded && { errors: coded }), ...(data !== undefined && { data }) };
  const message = `The response would be longer than ${MAX_LENGTH} characters: request less in one operation.`;
  return { data: null, errors: [withLimit(codedError('LIMIT_EXCEEDED', requestId, message), 'response-length')] };
}

function toCodedError(error: GraphQLError, requestId: string): GraphQLError {
  const { message, path, extensions } = error;
  // Already complete, so not copied: an operation may have tens of thousands of errors.
  if (extensions['requestId'] !== undefined && extensions['retryable'] !== undefined) return error;
  const { code = 'BAD_REQUEST', retryable = false } = extensions;
  // A suggestion would reveal names of the schema.
  const coded = new GraphQLError(message.replace(/ ?Did you mean .*$/s, ''), {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: path ?? null,
    extensions: { code, retryable, requestId },
  });
  return withLimit(coded, limitOf(error));
}

/** Counts the approximate number of characters of a value, and stops above `maxLength`. */
function lengthOf(value: unknown, maxLength: number): number {
  let length = PUNCTUATION;
  if (typeof value === 'string') return length + value.length;
  if (typeof value !== 'object' || value === null) return length;
  if (Array.isArray(value)) {
    for (const member of value) {
      length += lengthOf(member, maxLength - length);
      if (length > maxLength) break;
    }
    return length;
  }
  for (const name of Object.keys(value)) {
    length += name.length + lengthOf((value as Record<string, unknown>)[name], maxLength - length);
    if (length > maxLength) break;
  }
  return length;
}
