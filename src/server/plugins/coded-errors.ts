import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

import { recordOf } from '../operations/operation-record.js';

/**
 * Gives the errors of GraphQL itself (syntax, validation, a body that is not JSON) the same extensions as ours, and
 * takes away what Yoga adds to them: its `originalError` quotes the body.
 */
export function useCodedErrors(): Plugin {
  return {
    onResultProcess({ request, result, setResult }) {
      if (!('errors' in result) || !result.errors?.length) return;
      if ('data' in result && result.errors.every(isAsWritten)) {
        setResult({ ...result, errors: result.errors.map(toWritten) });
        return;
      }
      const { requestId } = recordOf(request);
      // New objects: Yoga keeps validation errors with the document and hands them to the next request as well.
      setResult({ ...result, errors: result.errors.map((error) => toCodedError(error, requestId)) });
    },
  };
}

function isCoded({ extensions }: GraphQLError): boolean {
  return extensions['requestId'] !== undefined && extensions['retryable'] !== undefined;
}

/** Tells whether nothing about an error is Yoga's to add, or to leave out. */
function isAsWritten(error: GraphQLError): boolean {
  return isCoded(error) && error.extensions['http'] === undefined;
}

/**
 * Gives an error as it is written. Of one that is none yet Yoga would make another one, and others of the ones behind it,
 * each with its stack: for an operation of 40,000 fields that are refused, half of three seconds.
 */
function toWritten({ message, path, extensions }: GraphQLError): GraphQLError {
  return { message, path, extensions } as GraphQLError;
}

const INVALID_DOCUMENT: ReadonlySet<unknown> = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED']);

/**
 * To whoever accepts application/json GraphQL over HTTP answers 200 with the errors of an invalid document, which is
 * what Yoga's `spec` says; not so with those of a body that is no GraphQL request, or of a document beyond a limit.
 */
function toCodedError(error: GraphQLError, requestId: string): GraphQLError {
  if (isCoded(error)) return error;
  const { code, retryable, http } = error.extensions;
  return new GraphQLError(error.message.replace(/ ?Did you mean .*$/s, ''), {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    extensions: {
      code: code ?? 'BAD_REQUEST',
      retryable: retryable ?? false,
      requestId,
      ...(http !== undefined && {
        http: INVALID_DOCUMENT.has(code) ? http : { ...(http as object), spec: false },
      }),
    },
  });
}
