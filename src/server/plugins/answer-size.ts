import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Characters of an answer at most, about. */
const MAX_LENGTH = 16_000_000;
/** What a value takes beside its text. */
const PUNCTUATION = 4;

/** Answers LIMIT_EXCEEDED in the place of an answer that would take too much memory to write out. */
export function useAnswerSize(): Plugin {
  return {
    onResultProcess({ result, setResult }) {
      if (Symbol.asyncIterator in result || Array.isArray(result) || !isTooLong(result)) return;
      const message = `The answer would be longer than ${MAX_LENGTH} characters: ask for less at once.`;
      setResult({ data: null, errors: [new GraphQLError(message, { extensions: { code: 'LIMIT_EXCEEDED' } })] });
    },
  };
}

/** Tells whether a result would take too much memory to write out. */
export function isTooLong({ data, errors }: ExecutionResult): boolean {
  const texts = errors?.map(({ message, path, extensions }) => [message, path, extensions]);
  return lengthOf([data, texts], MAX_LENGTH) > MAX_LENGTH;
}

/** Counts the characters of a value, about, and looks no further than it takes to see that there are too many. */
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
