import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join, normalize } from 'node:path';
import { dirname } from 'node:path/posix';

import { isLoopbackHost } from '../../../src/domain/base-url.js';
import { type MarkdownDocument, parseDocument } from './document.js';

/** The pages and images of the site. */
export interface Site {
  /** Markdown files, and source files that a page links to, by path from the root of the project. */
  readonly pages: ReadonlyMap<string, MarkdownDocument>;
  /** Paths of the images, which are copied unchanged. */
  readonly images: ReadonlySet<string>;
  /** Broken links, and pages that no link leads to. */
  readonly problems: readonly string[];
}

/** The pages where a reader starts. */
const START = ['README.md', 'docs/README.md'];

/** Reads pages, and every project file that they link to, directly or through other pages. */
export function readPages(start: readonly string[] = START): Site {
  const pages = new Map<string, MarkdownDocument>();
  const images = new Set<string>();
  const problems: string[] = [];
  // A set can grow during the iteration, and each path is read only once.
  const queue = new Set(start);
  for (const path of queue) {
    const page = readPage(path);
    pages.set(path, page);
    for (const target of page.targets) {
      const problem = findProblem(path, target);
      if (problem !== null) problems.push(`${path}: ${target} ${problem}`);
      else if (!isExternal(target)) {
        const file = toPath(path, target);
        (/\.(?:svg|png)$/.test(file) ? images : queue).add(file);
      }
    }
  }
  for (const [path, { targets }] of pages) {
    for (const target of targets.filter((link) => link.includes('#') && !isExternal(link))) {
      const [, anchor] = target.split('#');
      const linked = pages.get(toPath(path, target));
      const isThere = linked?.headings.some((heading) => heading.anchor === anchor);
      if (linked && !isThere) problems.push(`${path}: ${target} names no heading of that page`);
    }
  }
  const unreached = listMarkdown('docs').filter((path) => !pages.has(path));
  problems.push(...unreached.map((path) => `${path}: no page links to it. Add it to docs/README.md`));
  return { pages, images, problems };
}

/** Returns the project file that a link of a page leads to. A folder stands for its README. */
export function toPath(page: string, target: string): string {
  const [link = ''] = target.split('#');
  if (link === '') return page;
  const path = normalize(join(dirname(page), decodeURI(link))).replace(/\/$/, '');
  return existsSync(path) && statSync(path).isDirectory() ? join(path, 'README.md') : path;
}

/** Returns whether a link leads out of the project. */
export function isExternal(target: string): boolean {
  return /^[a-z]+:/.test(target);
}

function findProblem(page: string, target: string): string | null {
  if (isExternal(target)) {
    const { protocol, hostname } = URL.canParse(target) ? new URL(target) : { protocol: '', hostname: '' };
    return protocol === 'https:' || isLoopbackHost(hostname) ? null : 'is not an https address';
  }
  const path = toPath(page, target);
  if (path.startsWith('..')) return 'is outside of the project';
  return existsSync(path) ? null : `leads to ${path}, which is not there`;
}

/** Reads a Markdown file, or creates a page with the text of a source file. */
function readPage(path: string): MarkdownDocument {
  const text = readFileSync(path, 'utf8');
  if (extname(path) === '.md') return parseDocument(text);
  return parseDocument(`# ${basename(path)}\n\n\`\`\`\`${extname(path).slice(1)}\n${text.trimEnd()}\n\`\`\`\`\n`);
}

/** Lists the Markdown files below a folder. */
export function listMarkdown(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}
