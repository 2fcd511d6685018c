import GithubSlugger from 'github-slugger';
import hljs from 'highlight.js/lib/common';
import MarkdownIt, { type Token } from 'markdown-it';

const markdown = new MarkdownIt({
  // The documents are our own, and contain HTML comments.
  html: true,
  highlight: (code, language) => (hljs.getLanguage(language) ? hljs.highlight(code, { language }).value : ''),
});
// A table that is wider than the screen scrolls separately, also with the keyboard.
markdown.renderer.rules['table_open'] = () =>
  '<div class="wide" tabindex="0" role="group" aria-label="Table">\n<table>\n';
markdown.renderer.rules['table_close'] = () => '</table>\n</div>\n';

/** A heading, and its anchor on GitHub. */
export interface Heading {
  readonly level: number;
  readonly text: string;
  readonly anchor: string;
}

/** A parsed Markdown document. */
export interface MarkdownDocument {
  readonly title: string;
  readonly headings: readonly Heading[];
  /** The targets of the links and images. */
  readonly targets: readonly string[];
  /** The top-level tokens, which show the structure. */
  readonly tokens: readonly Token[];
  /** Renders the document as HTML, with each target replaced. */
  toHtml(replaceTarget: (target: string) => string): string;
}

/** Parses Markdown. */
export function parseDocument(text: string): MarkdownDocument {
  const tokens = markdown.parse(text, {});
  const headings = markHeadings(tokens);
  const places = findTargets(tokens);
  return {
    title: headings.find(({ level }) => level === 1)?.text ?? '',
    headings,
    targets: places.map(({ target }) => target),
    tokens,
    toHtml: (replaceTarget) => {
      for (const { token, name, target } of places) token.attrSet(name, replaceTarget(target));
      return markdown.renderer.render(tokens, markdown.options, {});
    },
  };
}

function markHeadings(tokens: readonly Token[]): Heading[] {
  const slugger = new GithubSlugger();
  return tokens.flatMap((token, index) => {
    if (token.type !== 'heading_open') return [];
    const text = toText(tokens[index + 1]);
    const anchor = slugger.slug(text);
    token.attrSet('id', anchor);
    return [{ level: Number(token.tag.slice(1)), text, anchor }];
  });
}

function findTargets(tokens: readonly Token[]) {
  return tokens
    .flatMap(({ children }) => children ?? [])
    .flatMap((token) => {
      const name = token.type === 'image' ? 'src' : 'href';
      const target = token.attrGet(name);
      return target === null ? [] : [{ token, name, target: String(target) }];
    });
}

/** Returns the text of an inline token, without its markup. */
export function toText(token: Token | undefined): string {
  return (token?.children ?? []).map(({ content }) => content).join('');
}
