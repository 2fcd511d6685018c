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
import type { RequestRecord } from '../request-record.js';
import type { Observer } from '../telemetry/observer.js';
import { type CompiledDocuments, useCompiledDocuments } from './trusted-documents.js';
import { createDocumentCache } from './document-cache.js';
import { useDocumentLimits } from './document-limits.js';

/** An operation, as the body of its request asks for it. */
export interface OperationRequest {
  /** The text of the document. */
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Configures {@link createEngine}. */
export interface EngineOptions {
  readonly schema: GraphQLSchema;
  /** Whether the schema may be asked for. */
  readonly introspection: boolean;
  /** The trusted documents that are executed by compiled code. @default none: everything is interpreted */
  readonly compiledDocuments?: CompiledDocuments | undefined;
  readonly observer: Required<Observer>;
}

/** Executes operations. */
export interface Engine {
  /** Parses, validates and executes an operation. Never rejects: every error is in the result, with its code. */
  execute(record: RequestRecord, operation: OperationRequest): Promise<ExecutionResult>;
  /** Answers an operation as a stream of events. Yoga writes the response. */
  stream(record: RequestRecord, operation: OperationRequest, headers: Readonly<Record<string, string>>): Promise<null>;
}

/** What Yoga knows of a request. */
interface ServerContext {
  readonly record: RequestRecord;
  readonly operation: OperationRequest;
  /** Headers of a stream, beside Yoga's own. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Creates the engine: Yoga with one plugin for each behavior. The HTTP handler does all that Yoga would do about HTTP,
 * but for streams, which Yoga writes after the same steps.
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
    // Yoga's logger prints errors whole, and in development its mask shows them.
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
      // Of a document that cannot be parsed, or is beyond a limit.
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

/** Parses a document. Its syntax error has the code that Yoga's HTTP layer gives it. */
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

/** Refuses to show the schema. */
function useNoIntrospection(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(NoSchemaIntrospectionCustomRule);
    },
  };
}

/** Gives Yoga's HTTP layer, which answers streams, what the steps of the handler have found. */
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

/** Longest response, in characters, about. */
const MAX_LENGTH = 16_000_000;
/** What a value takes beside its text. */
const PUNCTUATION = 4;

/**
 * Gives each error of a result its code, and replaces a result that would take too much memory to write.
 *
 * The errors of the schema have their codes; those of GraphQL itself (syntax, validation, variables) get the same
 * extensions.
 */
function toCodedResult(result: ExecutionResult, requestId: string): ExecutionResult {
  const { data, errors } = result;
  const coded = errors?.map((error) => toCodedError(error, requestId));
  if (lengthOf([data, coded], MAX_LENGTH) <= MAX_LENGTH)
    return { ...(coded && { errors: coded }), ...(data !== undefined && { data }) };
  const message = `The answer would be longer than ${MAX_LENGTH} characters: ask for less at once.`;
  return { data: null, errors: [codedError('LIMIT_EXCEEDED', requestId, message)] };
}

function toCodedError(error: GraphQLError, requestId: string): GraphQLError {
  const { message, path, extensions } = error;
  // Already as it is written. An operation may have tens of thousands of them.
  if (extensions['requestId'] !== undefined && extensions['retryable'] !== undefined) return error;
  const { code = 'BAD_REQUEST', retryable = false } = extensions;
  // A suggestion would show the schema.
  return new GraphQLError(message.replace(/ ?Did you mean .*$/s, ''), {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: path ?? null,
    extensions: { code, retryable, requestId },
  });
}

/** Counts the characters of a value, about, and stops as soon as there are more than `maxLength`. */
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
