import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { PAGES } from '../support/page.js';

/** Finds all matches of a pattern in the pages. Returns the page and the first group of each match. */
const findNames = (pattern: RegExp) =>
  PAGES.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(pattern)].map(([, name = '']) => [page, name] as const),
  );

it('names only files and folders that exist', () => {
  const paths = findNames(/`((?:test|docs|bench|src|domain|platform|loaders|schema|server|sandbox)\/[\w./-]*)`/g);
  expect(paths.length).toBeGreaterThan(100);
  expect(paths.filter(([, path]) => !existsSync(path) && !existsSync(join('src', path)))).toEqual([]);
});

it('names only npm scripts that exist', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const names = findNames(/npm run ([\w:-]+)/g);
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter(([, name]) => !Object.hasOwn(scripts, name))).toEqual([]);
});

it('names only variables that the configuration reference lists', () => {
  const known = new Set([...readFileSync('docs/reference/configuration.md', 'utf8').matchAll(/XKIT_\w+/g)].map(String));
  const names = findNames(/\b(XKIT_[A-Z_]*[A-Z])\b/g);
  const isKnown = (name: string) => known.has(name) || known.has(name.replace(/_FILE$/, ''));
  expect(names.filter(([, name]) => !isKnown(name) && !name.startsWith('XKIT_TEST_'))).toEqual([]);
});
