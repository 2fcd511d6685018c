import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { defaultTreeAdapter, type DefaultTreeAdapterTypes, parse } from 'parse5';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { listMarkdown, readPages } from '../../docs/build/site/read-pages.js';
import { writeSite } from '../../docs/build/site/write-site.js';
import { PAGES } from '../support/page.js';

/** A parsed HTML page. */
interface ReadPage {
  readonly title: string;
  readonly problems: readonly string[];
  readonly ids: readonly string[];
  readonly links: readonly string[];
  readonly resources: readonly string[];
  readonly elements: readonly string[];
}

const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-site-'));
const site = readPages();
let pages: ReadonlyMap<string, ReadPage>;
beforeAll(() => {
  // Files of an earlier site must be deleted.
  writeFileSync(join(folder, 'gone.html'), '');
  writeSite(site, folder, () => undefined);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));
  pages = new Map(files.map((name) => [name, readHtml(readFileSync(join(folder, name), 'utf8'))]));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('has no broken link, and contains every document', () => {
  expect(site.problems).toEqual([]);
  expect([...site.pages.keys()]).toEqual(expect.arrayContaining(PAGES));
});

it('reports broken links, and pages that no page links to', () => {
  const broken = 'test/.docs/broken.md';
  mkdirSync(dirname(broken), { recursive: true });
  const links = ['gone.md', '#nowhere', '../../LICENSE#nowhere', '../../../outside.md', 'http://example.com/'];
  writeFileSync(broken, `# Broken\n\n${links.map((link) => `[link](${link})`).join('\n')}\n`);
  const { problems } = readPages([broken]);
  rmSync(broken);
  expect(problems).toEqual([
    `${broken}: gone.md leads to test/.docs/gone.md, which is not there`,
    `${broken}: ../../../outside.md is outside of the project`,
    `${broken}: http://example.com/ is not an https address`,
    `${broken}: #nowhere names no heading of that page`,
    `${broken}: ../../LICENSE#nowhere names no heading of that page`,
    ...listMarkdown('docs').map((page) => `${page}: no page links to it. Add it to docs/README.md`),
  ]);
});

it('is well-formed HTML with a unique title on each page', () => {
  expect(pages.has('gone.html')).toBe(false);
  for (const [name, { problems, title }] of pages)
    expect([name, problems, title]).toEqual([name, [], expect.stringMatching(/\w/)]);
  const titles = [...pages.values()].map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
});

it('links from each page only to files and anchors that exist', () => {
  for (const [name, { links }] of pages) {
    for (const link of links.filter((href) => !/^https?:/.test(href))) {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? name : join(dirname(name), path);
      const isThere = anchor === undefined ? existsSync(join(folder, target)) : pages.get(target)?.ids.includes(anchor);
      expect([name, link, isThere]).toEqual([name, link, true]);
    }
  }
});

it('needs no network, no script and no server', () => {
  for (const [name, { resources, elements }] of pages) {
    for (const resource of resources) {
      expect([name, resource, existsSync(join(folder, dirname(name), resource))]).toEqual([name, resource, true]);
    }
    expect(elements.filter((tag) => ['script', 'iframe', 'object', 'embed', 'style', 'base'].includes(tag))).toEqual(
      [],
    );
  }
  expect(readFileSync(join(folder, 'style.css'), 'utf8')).not.toMatch(/url\(|@import/);
});

it('links each guide to the previous and the next one', () => {
  const { links = [] } = pages.get('docs/guides/stitching.html') ?? {};
  expect(links).toEqual(
    expect.arrayContaining(['module.html', 'federation.html', '../../index.html', '../operations.html']),
  );
  expect(readFileSync(join(folder, 'docs/guides/stitching.html'), 'utf8')).toMatch(
    /rel="prev" href="module\.html"[\s\S]*rel="next" href="federation\.html"/,
  );
});

function readHtml(html: string): ReadPage {
  const problems: string[] = [];
  const elements: DefaultTreeAdapterTypes.Element[] = [];
  const walk = (node: DefaultTreeAdapterTypes.Node): void => {
    if (defaultTreeAdapter.isElementNode(node)) elements.push(node);
    if ('childNodes' in node) node.childNodes.forEach(walk);
  };
  walk(
    parse(html, {
      sourceCodeLocationInfo: true,
      onParseError: ({ code, startLine }) => problems.push(`${startLine}: ${code}`),
    }),
  );
  const values = (attribute: string, isFrom: (tag: string) => boolean) =>
    elements
      .filter(({ tagName }) => isFrom(tagName))
      .flatMap(({ attrs }) => attrs.filter(({ name }) => name === attribute).map(({ value }) => value));
  const [title = ''] = elements
    .filter(({ tagName }) => tagName === 'title')
    .flatMap(({ childNodes }) => childNodes.map((node) => ('value' in node ? node.value : '')));
  return {
    title,
    problems,
    ids: values('id', () => true),
    links: values('href', (tag) => tag === 'a'),
    resources: [...values('href', (tag) => tag === 'link'), ...values('src', () => true)],
    elements: elements.map(({ tagName }) => tagName),
  };
}
