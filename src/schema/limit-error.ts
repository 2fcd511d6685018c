import type { GraphQLError } from 'graphql';

/** The name of a limit that a caller can exceed, for the log. No response contains it. */
export type LimitName =
  | 'connections'
  | 'distinct-connections'
  | 'owners'
  | 'fields'
  | 'response-length'
  | 'tokens'
  | 'depth'
  | 'aliases'
  | 'directives'
  | 'nesting'
  | 'repeated-fields'
  | 'id-length';

/** Reports that an operation exceeds a limit. */
export class LimitError extends Error {
  override readonly name = 'LimitError';

  constructor(
    readonly limit: LimitName,
    message: string,
  ) {
    super(message);
  }
}

const limits = new WeakMap<Error, LimitName>();

/** Records which limit an error is about. */
export function withLimit(error: GraphQLError, limit: LimitName | undefined): GraphQLError {
  if (limit !== undefined) limits.set(error, limit);
  return error;
}

/** Returns the limit that an error is about. The executor wraps the errors of resolvers. */
export function limitOf(error: GraphQLError): LimitName | undefined {
  return limits.get(error) ?? (error.originalError ? limits.get(error.originalError) : undefined);
}
