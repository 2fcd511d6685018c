/** The style of the page around GraphiQL, and fixes to GraphiQL's own style, which is a separate file. */
export const PAGE_STYLE = `
  :root { color-scheme: light dark; --bar: #f4f6f8; --text: #1d2733; --line: #8d99a6; --link: #0b57a4; }
  @media (prefers-color-scheme: dark) {
    :root { --bar: #1b222c; --text: #e4eaf1; --line: #6b7887; --link: #9cc7f5; }
  }
  html, body { height: 100%; margin: 0; }
  body { display: flex; flex-direction: column; background: var(--bar); color: var(--text); font: 15px/1.4 system-ui, sans-serif; }
  .bar { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 20px; padding: 8px 16px; border-bottom: 1px solid var(--line); }
  .bar h1 { margin: 0; font-size: 16px; }
  .bar p { margin: 0; }
  .bar label { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; min-width: 0; }
  .bar :is(select, input) { max-width: 100%; padding: 3px 6px; font: inherit; color: inherit; background: Canvas; border: 1px solid var(--line); border-radius: 4px; }
  .bar a { color: var(--link); }
  .bar :is(a, select, input):focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
  .note { flex-basis: 100%; overflow-wrap: anywhere; }
  #graphiql { flex: 1; min-height: 0; }
  #graphiql .graphiql-container { width: 100%; height: 100%; }
  .graphiql-logo { display: none; }
  /* Without this, GraphiQL moves each tab to its place, and treats the first click on it as a drag. */
  .graphiql-tab { transform: none !important; }
  /* Contrast: for comments and line numbers on GraphiQL's background, and for links that only their color marks. */
  @media (prefers-color-scheme: dark) { #graphiql .graphiql-container { --color-base: 219, 29%, 7%; } }
  .monaco-editor .line-numbers.dimmed-line-number { color: inherit !important; }
  @media (prefers-color-scheme: light) { .graphiql-plugin { --color-info: 208, 100%, 33%; --color-warning: 36, 100%, 25%; } }
  .graphiql-doc-explorer-type-name { text-decoration: underline !important; }
  /* On a narrow screen, the result is below the query, not beside it. */
  @media (max-width: 700px) {
    body { height: auto; min-height: 100%; }
    #graphiql { flex: none; height: 900px; }
    #graphiql :is(.graphiql-main, #graphiql-session) { flex-direction: column; min-height: 0; }
    #graphiql-session > * { flex: 1 !important; min-height: 0; }
    .graphiql-plugin { max-height: 300px; }
    .graphiql-horizontal-drag-bar { display: none; }
  }
`;
