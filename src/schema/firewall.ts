import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  GraphQLError,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';

import { InvalidInputError } from '../domain/invalid-input.js';
import { ConnectionLimitError } from '../loaders/connection-loader.js';
import { isPlatformError } from '../platform/errors.js';
import { findConnectionsRequest } from './context.js';
import { type ConnectionsErrorCode, ERROR_CODES } from './error-codes.js';
import { ConnectionsMisuseError } from './misuse.js';

/** Is told of an error that no code stands for: a bug. The error may hold secrets; do not print it whole. */
export type OnUnexpectedError = (error: unknown, requestId: string | null) => void;

/**
 * Puts the error firewall around every resolver of a schema.
 *
 * It stands in the schema and not in the server, so that a host which executes the schema with plain graphql-js
 * and masks nothing still shows nothing but coded errors with fixed messages.
 */
export function addFirewall(schema: GraphQLSchema, onUnexpectedError: OnUnexpectedError): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      field.resolve = guard(field.resolve ?? defaultFieldResolver, onUnexpectedError);
    }
  }
}

/** Wraps a resolver so that whatever it throws, rejects with, or holds as a rejecting list item comes out coded. */
function guard(
  resolve: GraphQLFieldResolver<unknown, unknown>,
  onUnexpectedError: OnUnexpectedError,
): GraphQLFieldResolver<unknown, unknown> {
  return (parent, args, context, info) => {
    const rethrow = (error: unknown): never => {
      throw toCodedError(error, findConnectionsRequest(context)?.requestId ?? null, onUnexpectedError);
    };
    try {
      const result: unknown = resolve(parent, args, context, info);
      if (result instanceof Promise) return result.catch(rethrow);
      if (Array.isArray(result)) {
        return result.map((item: unknown) => (item instanceof Promise ? item.catch(rethrow) : item));
      }
      return result;
    } catch (error) {
      return rethrow(error);
    }
  };
}

function toCodedError(error: unknown, requestId: string | null, onUnexpectedError: OnUnexpectedError): GraphQLError {
  if (error instanceof InvalidInputError) return codedError('BAD_USER_INPUT', requestId, error.message);
  if (error instanceof ConnectionLimitError) return codedError('LIMIT_EXCEEDED', requestId, error.message);
  if (isPlatformError(error)) return codedError(error.code, requestId, undefined, error.retryAfterMs);
  onUnexpectedError(error, requestId);
  return codedError(
    'INTERNAL_SERVER_ERROR',
    requestId,
    error instanceof ConnectionsMisuseError ? error.message : undefined,
  );
}

function codedError(
  code: ConnectionsErrorCode,
  requestId: string | null,
  message = ERROR_CODES[code].message,
  retryAfterMs?: number,
): GraphQLError {
  return new GraphQLError(message, {
    extensions: {
      code,
      retryable: ERROR_CODES[code].retryable,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      requestId,
    },
  });
}
