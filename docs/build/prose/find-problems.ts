import { PATTERNS, TEST_NAME } from './patterns.js';
import { type Prose } from './read-prose.js';

/** A sentence that is longer usually states more than one fact. */
const MAX_WORDS = 40;

/** Lists the problems of a piece of prose, each with the words and the advice. */
export function findProblems({ kind, text }: Pick<Prose, 'kind' | 'text'>): string[] {
  const found = PATTERNS.flatMap(({ pattern, advice }) => {
    const words = pattern.exec(text)?.[0].trim();
    return words === undefined ? [] : [`"${words}": ${advice}`];
  });
  for (const sentence of text.split(/[.:?!](?: |$)/)) {
    const words = sentence.trim().split(/\s+/).length;
    if (words > MAX_WORDS) found.push(`a sentence of ${words} words, "${sentence.slice(0, 40)}…": split it`);
  }
  if (kind === 'row' && text.includes(';')) found.push('";" in a table: use two cells, or a sentence below the table');
  if (kind === 'test' && !TEST_NAME.test(text)) found.push('a test name starts with a verb: "returns …", "does not …"');
  return found;
}
