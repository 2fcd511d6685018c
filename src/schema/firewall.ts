import {
  defaultFieldResolver,
  getNullableType,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  isListType,
  isObjectType,
} from 'graphql';
import { AccessError } from '../access/policy.js';
import { AuditError } from '../access/audit.js';
import { InvalidInputError } from '../domain/invalid-input.js';
import { notify } from '../platform/observer.js';
import { withoutStack } from './without-stack.js';
import { isPlatformError } from '../platform/errors.js';
import { LimitError, withLimit } from './limit-error.js';
import { ConnectionsMisuseError, findConnectionsRequest } from './context.js';
import { type ConnectionsErrorCode, ERROR_CODES } from './error-codes.js';

/** A failure that concerns the operator: of the Platform API, of the audit sink, or a bug. */
export interface ConnectionsFailure {
  readonly code: ConnectionsErrorCode;
  readonly requestId: string | null;
  /** A `PlatformError` contains no secret. Any other error may. The cause of an `AuditError` is the sink's error. */
  readonly error: unknown;
}

export type OnFailure = (failure: ConnectionsFailure) => void;

/**
 * Adds the error firewall to every resolver of a schema. It belongs to the schema, not to the server. So a host that
 * executes the schema with plain graphql-js, without masking, still shows only coded errors with fixed messages.
 */
export function addFirewall(schema: GraphQLSchema, onFailure: OnFailure): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      // An exposed property cannot fail, so the executor reads it.
      if (field.extensions['pothosExposedField'] === field.name) delete field.resolve;
      else field.resolve = guard(field.resolve ?? defaultFieldResolver, isList(field.type), onFailure);
    }
  }
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(getNullableType(type));
}

/** Wraps a resolver. Each error that it throws, rejects with, or returns as a list item becomes a coded error. */
function guard(
  resolve: GraphQLFieldResolver<unknown, unknown>,
  givesList: boolean,
  onFailure: OnFailure,
): GraphQLFieldResolver<unknown, unknown> {
  const toCoded: ToCoded = (error, context) => toCodedError(error, findRequestId(context), onFailure);
  return (parent, args, context, info) => {
    let result: unknown;
    try {
      result = resolve(parent, args, context, info);
    } catch (error) {
      throw toCoded(error, context);
    }
    if (!(result instanceof Promise)) return givesList ? codeItems(result, context, toCoded) : result;
    const coded = codeRejection(result, context, toCoded);
    return givesList ? codeItemsLater(coded, context, toCoded) : coded;
  };
}

type ToCoded = (error: unknown, context: unknown) => GraphQLError;

function codeRejection(promise: Promise<unknown>, context: unknown, toCoded: ToCoded): Promise<unknown> {
  return promise.catch((error: unknown) => {
    throw toCoded(error, context);
  });
}

function codeItemsLater(items: Promise<unknown>, context: unknown, toCoded: ToCoded): Promise<unknown> {
  return items.then((value) => codeItems(value, context, toCoded));
}

function codeItems(items: unknown, context: unknown, toCoded: ToCoded): unknown {
  if (!Array.isArray(items)) return items;
  return items.map((item: unknown) => {
    if (item instanceof Promise) return codeRejection(item, context, toCoded);
    return item instanceof Error ? toCoded(item, context) : item;
  });
}

/** Creates the callback that reports each error once per request. Errors of the host's callback are dropped. */
export function createTellOnce(onFailure: OnFailure): OnFailure {
  // Requests that share a lookup share its error, and each must be reported with its own id.
  const told = new WeakMap<object, Set<string | null>>();
  return (failure) => {
    const { error } = failure;
    if (typeof error === 'object' && error !== null) {
      const requestIds = told.get(error) ?? new Set();
      if (requestIds.has(failure.requestId)) return;
      told.set(error, requestIds.add(failure.requestId));
    }
    notify(() => onFailure(failure));
  };
}

function findRequestId(context: unknown): string | null {
  try {
    return findConnectionsRequest(context)?.requestId ?? null;
  } catch {
    // A getter of the host's context threw.
    return null;
  }
}

function toCodedError(error: unknown, requestId: string | null, onFailure: OnFailure): GraphQLError {
  try {
    if (error instanceof InvalidInputError) {
      return withLimit(
        codedError('BAD_USER_INPUT', requestId, error.message),
        error.isTooLong ? 'id-length' : undefined,
      );
    }
    if (error instanceof AccessError) {
      const { code, missingScope } = error;
      return codedError(code, requestId, missingScope ? `The caller lacks the scope ${missingScope}.` : undefined);
    }
    if (error instanceof LimitError) {
      return withLimit(codedError('LIMIT_EXCEEDED', requestId, error.message), error.limit);
    }
    if (error instanceof AuditError) {
      onFailure({ code: 'AUDIT_UNAVAILABLE', requestId, error });
      return codedError('AUDIT_UNAVAILABLE', requestId);
    }
    if (isPlatformError(error)) {
      onFailure({ code: error.code, requestId, error });
      return codedError(error.code, requestId, undefined, error.retryAfterMs);
    }
    const bug = error instanceof Error ? error : new Error('A resolver failed with a value that is not an Error.');
    onFailure({ code: 'INTERNAL_SERVER_ERROR', requestId, error: bug });
    const message = error instanceof ConnectionsMisuseError ? error.message : undefined;
    return codedError('INTERNAL_SERVER_ERROR', requestId, message);
  } catch {
    // A getter of the error threw.
    return codedError('INTERNAL_SERVER_ERROR', requestId);
  }
}

/** Creates the error that the caller receives. */
export function codedError(
  code: ConnectionsErrorCode,
  requestId: string | null,
  message = ERROR_CODES[code].message,
  retryAfterMs?: number,
): GraphQLError {
  const { retryable } = ERROR_CODES[code];
  const extensions = { code, retryable, ...(typeof retryAfterMs === 'number' && { retryAfterMs }), requestId };
  return withoutStack(() => new GraphQLError(message, { extensions }));
}
