import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

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

/**
 * Imports a TypeScript program of a page, which begins with a comment with its file name. The package resolves to the
 * build, as it does for a reader.
 */
export async function importProgram<Module>(page: string, name: string): Promise<Module> {
  const block = readBlocks(page, 'ts').find(({ text }) => text.startsWith(`// ${name}\n`));
  if (block === undefined) throw new Error(`${page} has no program ${name}.`);
  mkdirSync('test/.docs', { recursive: true });
  const folder = resolve(mkdtempSync('test/.docs/program-'));
  try {
    writeFileSync(join(folder, name), block.text);
    return (await import(join(folder, name))) as Module;
  } finally {
    rmSync(folder, { recursive: true });
  }
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
