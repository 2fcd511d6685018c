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
  return isLongerThan(MAX_LENGTH, [data, texts]);
}

/** Tells whether a value would be longer than so many characters, and looks no further than it takes. */
function isLongerThan(maxLength: number, value: unknown): boolean {
  const waiting: unknown[] = [value];
  let length = 0;
  while (waiting.length > 0 && length <= maxLength) {
    const next = waiting.pop();
    length += PUNCTUATION;
    if (typeof next === 'string') length += next.length;
    if (typeof next !== 'object' || next === null) continue;
    if (Array.isArray(next)) for (const member of next) waiting.push(member);
    else {
      for (const [name, member] of Object.entries(next)) {
        length += name.length;
        waiting.push(member);
      }
    }
  }
  return length > maxLength;
}
