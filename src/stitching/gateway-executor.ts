import { type DocumentNode, GraphQLError, print } from 'graphql';
import type { AnswerError } from '../client/connection-answer.js';
import { GATEWAY_ERRORS } from '../client/gateway-answer.js';
import { createSend, type SendOptions } from '../client/send-operation.js';
import { ERROR_CODES } from '../schema/error-codes.js';
import { withoutStack } from '../schema/without-stack.js';

/** Configures {@link createGatewayExecutor}. */
export interface GatewayExecutorOptions<Context> extends SendOptions {
  /**
   * Returns the headers of an operation: the credentials of the host gateway's caller. A header is omitted if its value
   * is null. Called with the context of the host gateway.
   */
  headers(context: Context): Readonly<Record<string, string | null>>;
}

/** The used part of the `ExecutionRequest` of graphql-tools. */
export interface GatewayRequest {
  readonly document: DocumentNode;
  readonly variables?: unknown;
  readonly context?: unknown;
  /** Aborted when the client hangs up. */
  readonly signal?: AbortSignal | undefined;
  /** May have the signal instead. */
  readonly info?: object | undefined;
}

/** The used part of the `ExecutionResult` of graphql-tools. */
export interface GatewayResult<Data> {
  readonly data: Data | null;
  readonly errors?: readonly GraphQLError[];
}

/** An `Executor` of graphql-tools. */
export type GatewayExecutor = <Data>(request: GatewayRequest) => Promise<GatewayResult<Data>>;

/**
 * Creates the executor that sends a host gateway's operations to a gateway, each of them once.
 *
 * Its errors are safe to show to any client. They contain only the message, the path, the code, `retryable`,
 * `retryAfterMs` and `requestId` of an error of the gateway. If the gateway sends no such error, the code is
 * `GATEWAY_UNAVAILABLE`, `GATEWAY_TIMEOUT` or `GATEWAY_BAD_RESPONSE`.
 *
 * @throws {TypeError} if `url` cannot be used. The message does not contain it.
 * @throws {RangeError} if `timeoutMs` is out of range
 * @example
 * const executor = createGatewayExecutor({
 *   url: 'https://gateway.internal/graphql',
 *   headers: ({ request }: YogaInitialContext) => ({ authorization: request.headers.get('authorization') }),
 * });
 * const connections = subschemaConfig({ executor, ownerTypes: { user: 'User' } });
 */
export function createGatewayExecutor<Context>(options: GatewayExecutorOptions<Context>): GatewayExecutor {
  const send = createSend(options);
  return async <Data>({ document, variables, context, signal, info }: GatewayRequest) => {
    // The host determines the type of its context.
    const headers = Object.entries(options.headers(context as Context)).filter(
      (header): header is [string, string] => header[1] !== null,
    );
    const hangUp = signal ?? (info as { readonly signal?: AbortSignal } | undefined)?.signal;
    const operation = { query: print(document), variables };
    const { data, errors } = await send<Data>(operation, Object.fromEntries(headers), hangUp);
    return { data, ...(errors.length > 0 && { errors: errors.map(toSafeError) }) };
  };
}

/** The codes of the errors that a gateway or {@link createSend} writes. */
const CODES: ReadonlySet<unknown> = new Set([
  ...Object.keys(ERROR_CODES),
  ...Object.keys(GATEWAY_ERRORS),
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'REQUEST_ENTITY_TOO_LARGE',
]);

/** Omits the properties that a gateway does not write. A proxy may have put the request or a token into them. */
function toSafeError({ message, path, extensions }: AnswerError): GraphQLError {
  const { code, retryable, retryAfterMs, requestId } = extensions ?? {};
  const isKnown = CODES.has(code);
  const other = retryable === true ? 'GATEWAY_UNAVAILABLE' : 'GATEWAY_BAD_RESPONSE';
  const facts = {
    code: isKnown ? code : other,
    retryable: retryable === true,
    ...(typeof retryAfterMs === 'number' && { retryAfterMs }),
    ...(typeof requestId === 'string' && { requestId }),
  };
  return withoutStack(
    () =>
      new GraphQLError(isKnown ? message : GATEWAY_ERRORS[other].message, {
        path: Array.isArray(path) ? path : null,
        extensions: facts,
      }),
  );
}
