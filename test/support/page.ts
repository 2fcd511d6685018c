import { readFileSync } from 'node:fs';

import { parseDocument } from '../../docs/build/site/document.js';
import { listMarkdown } from '../../docs/build/site/read-pages.js';

/** A code block of a page. */
export interface Block {
  readonly page: string;
  /** Its line in the page. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** The pages that stand for the project, as they are in the repository. */
export const PAGES = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...listMarkdown('docs')];

/** Reads the code blocks of a page, in order, all of them or those of one language. */
export function readBlocks(page: string, language?: string): Block[] {
  return parseDocument(readFileSync(page, 'utf8'))
    .tokens.filter(({ type }) => type === 'fence' || type === 'code_block')
    .map(({ info, content, map }) => ({ page, line: (map?.[0] ?? 0) + 1, language: info, text: content }))
    .filter((block) => language === undefined || block.language === language);
}

/** Reads the rows of the tables of a page, or of a section: their cells, without escapes and backticks, and without heads. */
export function readRows(page: string, section?: string): string[][] {
  const text = readFileSync(page, 'utf8');
  const part = section === undefined ? text : text.split(/^## /m).find((found) => found.startsWith(`${section}\n`));
  if (part === undefined) throw new Error(`${page} has no section ${section}.`);
  return [...part.matchAll(/^\| ---.*\n((?:\| .*\n)*)/gm)]
    .flatMap(([, rows = '']) => rows.trimEnd().split('\n'))
    .map((row) =>
      row
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('\\|', '|').replaceAll('`', '')),
    );
}

/** Splits the first cells of rows, each of which may hold several names. */
export function listNames(rows: readonly string[][]): string[] {
  return rows.flatMap(([names = '']) => names.split(', '));
}
