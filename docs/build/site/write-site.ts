import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dirname, relative } from 'node:path/posix';

import { toSections } from './contents.js';
import type { MarkdownDocument } from './document.js';
import { toPageHtml } from './page.js';
import { isExternal, type Site, toPath } from './read-pages.js';

const CONTENTS = 'docs/README.md';
const STYLE = 'style.css';

/** Writes a site into a folder, whose previous content is removed. */
export function writeSite({ pages, images }: Site, folder: string, onPage: () => void): void {
  const contents = pages.get(CONTENTS);
  if (!contents) throw new Error(`${CONTENTS} is the table of contents, and not among the pages.`);
  const sections = toSections(contents, CONTENTS);
  const entries = sections.flatMap((section) => section.entries);
  rmSync(folder, { recursive: true, force: true });
  for (const [path, page] of pages) {
    const toHref = (other: string) => relative(dirname(path), toHtmlPath(other, pages));
    const at = entries.findIndex((entry) => entry.path === path);
    const html = toPageHtml({
      path,
      page,
      content: page.toHtml((target) => replaceTarget(path, target, toHref)),
      sections,
      previous: at > 0 ? entries[at - 1] : undefined,
      next: at === -1 ? undefined : entries[at + 1],
      styleHref: toHref(STYLE),
      toHref,
    });
    write(join(folder, toHtmlPath(path, pages)), html);
    onPage();
  }
  for (const image of images) {
    mkdirSync(join(folder, dirname(image)), { recursive: true });
    copyFileSync(image, join(folder, image));
  }
  copyFileSync(new URL(STYLE, import.meta.url), join(folder, STYLE));
}

/** Returns the path of a project file in the site. */
function toHtmlPath(path: string, pages: ReadonlyMap<string, MarkdownDocument>): string {
  if (!pages.has(path)) return path;
  if (!path.endsWith('.md')) return `${path}.html`;
  return path.replace(/README\.md$/, 'index.md').replace(/\.md$/, '.html');
}

function replaceTarget(page: string, target: string, toHref: (path: string) => string): string {
  if (isExternal(target) || target.startsWith('#')) return target;
  const [, anchor] = target.split('#');
  return toHref(toPath(page, target)) + (anchor === undefined ? '' : `#${anchor}`);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
