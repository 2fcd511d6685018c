import type { Token } from 'markdown-it';

import { type MarkdownDocument, toText } from './document.js';
import { toPath } from './read-pages.js';

/** A part of the table of contents. */
export interface Section {
  readonly title: string;
  readonly entries: readonly Entry[];
}

/** A page in the table of contents. */
export interface Entry {
  readonly path: string;
  readonly title: string;
}

/** Returns the sections and pages of the table of contents: the first link of each list item, by heading. */
export function toSections(contents: MarkdownDocument, path: string): Section[] {
  const sections: { title: string; entries: Entry[] }[] = [];
  contents.tokens.forEach((token, index) => {
    const inline = contents.tokens[index + 1];
    if (token.type === 'heading_open' && token.tag === 'h2') sections.push({ title: toText(inline), entries: [] });
    // A paragraph of a list item is on the third level: list, item, paragraph.
    if (token.type !== 'paragraph_open' || token.level !== 2) return;
    const entry = toEntry(inline, path);
    if (entry) sections.at(-1)?.entries.push(entry);
  });
  return sections;
}

function toEntry(inline: Token | undefined, path: string): Entry | null {
  const children = inline?.children ?? [];
  const start = children.findIndex(({ type }) => type === 'link_open');
  const target = children[start]?.attrGet('href');
  return target ? { path: toPath(path, String(target)), title: children[start + 1]?.content ?? '' } : null;
}
