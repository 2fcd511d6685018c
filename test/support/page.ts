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

/** Reads the cells of every table row whose first cell fits, without escapes and backticks. */
export function readRows(page: string, first: RegExp): string[][] {
  return readFileSync(page, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('\\|', '|').replaceAll('`', '')),
    )
    .filter(([cell = '']) => first.test(cell));
}
