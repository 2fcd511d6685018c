import { type Prefixes, withPrefixes } from '../../schema/owner.js';
import { PAGE_STYLE } from './page-style.js';
import { DEMO_TABS, FIRST_TAB } from './tabs.js';

/** The additional content of the page in `dev`, where all data is made up. */
export interface Demo {
  /** Callers with public keys. */
  readonly callers: readonly { readonly key: string; readonly about: string }[];
  /** URL of the sandbox's page, with its people and faults. */
  readonly sandboxUrl: string;
}

/**
 * Renders the GraphiQL page.
 *
 * @param folder the path of its files, relative to the page
 * @param prefixes the prefixes in the schema, and so in the queries of the tabs
 */
export function renderPage(folder: string, demo: Demo | null, prefixes: Prefixes): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>GraphiQL – xkit-graphql${demo ? ' with its sandbox' : ''}</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${folder}/graphiql.css">
    <style>${PAGE_STYLE}</style>
    <script defer src="${folder}/graphiql.js"></script>
    <script type="module" src="${folder}/main.js"></script>
  </head>
  <body>
    <header class="bar">
      <h1>xkit-graphql</h1>
      ${demo ? renderDemoBar(demo) : KEY_BAR}
      <p id="note" class="note" role="status">Run a query with the button or Ctrl+Enter. The repair links in its result appear here.</p>
    </header>
    <main id="graphiql"><noscript>GraphiQL needs JavaScript.</noscript></main>
    <script type="application/json" id="tabs">${withPrefixes(toJson(demo ? DEMO_TABS : [FIRST_TAB]), prefixes)}</script>
  </body>
</html>
`;
}

function renderDemoBar({ callers, sandboxUrl }: Demo): string {
  const options = callers.map(({ key, about }) => `<option value="${key}">${key}: ${about}</option>`);
  return `<label>Service key <select id="key">${options.join('')}</select></label>
      <a href="${new URL(sandboxUrl).href}" target="_blank" rel="noopener">Sandbox: people and faults</a>`;
}

const KEY_BAR = `<label>Service key or token <input id="key" type="password" size="24" autocomplete="off" spellcheck="false"></label>
      <p>Tokens here are real. This page stores nothing that you enter or see.</p>`;

/** Formats a value as JSON that cannot close the HTML element around it. */
function toJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
}
