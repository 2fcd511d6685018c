import { readFileSync } from 'node:fs';

import { parseDocument } from '../../docs/build/site/document.js';
import { listMarkdown } from '../../docs/build/site/read-pages.js';

/** A code block of a page. */
export interface Block {
  readonly page: string;
  /** The line in the page where the block starts. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** The paths of all pages that document the project. */
export const PAGES = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...listMarkdown('docs')];

/** Reads the code blocks of a page in order, by default of every language. */
export function readBlocks(page: string, language?: string): Block[] {
  return parseDocument(readFileSync(page, 'utf8'))
    .tokens.filter(({ type }) => type === 'fence' || type === 'code_block')
    .map(({ info, content, map }) => ({ page, line: (map?.[0] ?? 0) + 1, language: info, text: content }))
    .filter((block) => language === undefined || block.language === language);
}

/** Reads the cells of all table rows of a page or section, without the header rows, escapes and backticks. */
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

/** Returns the names in the first cells of rows. One cell may hold several names. */
export function listNames(rows: readonly string[][]): string[] {
  return rows.flatMap(([names = '']) => names.split(', '));
}
