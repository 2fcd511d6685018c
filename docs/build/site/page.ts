import type { Entry, Section } from './contents.js';
import type { MarkdownDocument } from './document.js';

/** A page, and its position in the site. */
interface PageOptions {
  readonly path: string;
  readonly page: MarkdownDocument;
  /** The content of the page, in HTML. */
  readonly content: string;
  readonly sections: readonly Section[];
  readonly previous: Entry | undefined;
  readonly next: Entry | undefined;
  readonly styleHref: string;
  /** Returns the relative URL of another page. */
  readonly toHref: (path: string) => string;
}

/** Renders a complete web page, which needs no script. */
export function toPageHtml({ path, page, content, sections, previous, next, styleHref, toHref }: PageOptions): string {
  const home = toHref('README.md');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(path === 'README.md' ? page.title : `${page.title} · xkit-graphql`)}</title>
<link rel="stylesheet" href="${styleHref}">
</head>
<body>
<header>
<a class="name" href="${home}">xkit-graphql</a>
<a class="to-pages" href="#pages">All pages</a>
</header>
<main>
${content}${toTurn(previous, next, toHref)}</main>
<nav id="pages" aria-label="All pages">
${sections.map((section) => toSection(section, path, page, toHref)).join('\n')}
</nav>
</body>
</html>
`;
}

function toSection({ title, entries }: Section, path: string, page: MarkdownDocument, toHref: PageOptions['toHref']) {
  const items = entries.map((entry) => {
    const isHere = entry.path === path;
    const link = `<a href="${toHref(entry.path)}"${isHere ? ' aria-current="page"' : ''}>${escapeHtml(entry.title)}</a>`;
    return `<li>${link}${isHere ? toHeadings(page) : ''}</li>`;
  });
  return `<h2>${escapeHtml(title)}</h2>\n<ul>\n${items.join('\n')}\n</ul>`;
}

function toHeadings({ headings }: MarkdownDocument): string {
  const items = headings
    .filter(({ level }) => level === 2)
    .map(({ text, anchor }) => `<li><a href="#${anchor}">${escapeHtml(text)}</a></li>`);
  return items.length === 0 ? '' : `\n<ul>\n${items.join('\n')}\n</ul>\n`;
}

function toTurn(previous: Entry | undefined, next: Entry | undefined, toHref: PageOptions['toHref']): string {
  const toLink = (entry: Entry | undefined, rel: string, word: string) =>
    entry ? `<a rel="${rel}" href="${toHref(entry.path)}"><span>${word}</span> ${escapeHtml(entry.title)}</a>\n` : '';
  const links = toLink(previous, 'prev', 'Previous') + toLink(next, 'next', 'Next');
  return links === '' ? '' : `<nav class="turn" aria-label="Previous and next page">\n${links}</nav>\n`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
