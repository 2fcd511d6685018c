import { type ExecutionResult, GraphQLError } from 'graphql';

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
export function toCodedResult(result: ExecutionResult, requestId: string): ExecutionResult {
  const { data, errors } = result;
  const coded = errors?.map((error) => toCodedError(error, requestId));
  if (!isTooLong({ data, coded })) return { ...(coded && { errors: coded }), ...(data !== undefined && { data }) };
  const message = `The answer would be longer than ${MAX_LENGTH} characters: ask for less at once.`;
  const extensions = { code: 'LIMIT_EXCEEDED', retryable: false, requestId };
  return { data: null, errors: [new GraphQLError(message, { extensions })] };
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

/** Counts the characters of a result, about, and stops as soon as there are too many. */
function isTooLong({
  data,
  coded,
}: {
  readonly data: unknown;
  readonly coded: readonly GraphQLError[] | undefined;
}): boolean {
  return lengthOf([data, coded], MAX_LENGTH) > MAX_LENGTH;
}

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
