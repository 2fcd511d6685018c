// Runs in the browser. It is JavaScript, which tsconfig.browser.json checks, so that `dev` can serve it from `src`.
import { mendTabs } from './mend-tabs.js';

/** @typedef {{ url?: unknown }} RepairLink */
/** @typedef {{ query: string, variables?: string }} Tab */
/** @typedef {{ query: string, operationName?: string | null, variables?: unknown }} Operation */

const HEADERS_DECIDE = 'The authorization in Headers is sent, not the key above. ';
const folder = new URL('.', import.meta.url);
const graphiql = find('graphiql', HTMLElement);
const note = find('note', HTMLElement);
const FIRST_NOTE = note.textContent ?? '';
const key = /** @type {HTMLInputElement | HTMLSelectElement} */ (find('key', HTMLElement));
/** @type {Tab[]} */
const tabs = JSON.parse(find('tabs', HTMLElement).textContent ?? '[]');

Object.assign(globalThis, {
  MonacoEnvironment: {
    /** @type {(module: string, label: string) => Worker} */
    getWorker: (_, label) =>
      new Worker(new URL(`${label === 'editorWorkerService' ? 'editor' : label}-worker.js`, folder)),
  },
});

const { YogaGraphiQL } = /** @type {{ YogaGraphiQL: { renderYogaGraphiQL(root: Element, props: object): void } }} */ (
  /** @type {unknown} */ (globalThis)
);
mendTabs(graphiql);
graphiql.addEventListener('keydown', leaveEditor, { capture: true });
document.addEventListener('keydown', runFromAnywhere);
let openTab = 0;
YogaGraphiQL.renderYogaGraphiQL(graphiql, {
  fetcher: send,
  // The first tab, or GraphiQL would take the query of the page's URL.
  query: tabs[0]?.query,
  variables: tabs[0]?.variables,
  defaultTabs: tabs,
  defaultEditorToolsVisibility: tabs.some(({ variables }) => variables !== undefined),
  // A tab may hold owners' ids, keys and tokens: none is kept, and none is written into the URL.
  storage: null,
  shouldPersistHeaders: false,
  onEditQuery: () => undefined,
  onEditHeaders: showWhoAsks,
  onTabChange: forgetAnswer,
  plugins: [],
});

/**
 * Sends an operation by the key above, unless the Headers editor names another.
 *
 * @param {Operation} operation
 * @param {{ headers?: Record<string, string> }} [options]
 */
async function send({ query, variables, operationName }, { headers: ownHeaders = {} } = {}) {
  const isIntrospection = operationName === 'IntrospectionQuery';
  // The schema is asked for at once, and a person needs a while to enter a key.
  if (isIntrospection && key.value === '') await new Promise((resolve) => key.addEventListener('change', resolve));
  const headers = new Headers({ 'content-type': 'application/json', authorization: `Bearer ${key.value}` });
  for (const [name, value] of Object.entries(ownHeaders)) headers.set(name, value);
  try {
    const body = JSON.stringify({ query, variables, operationName: toCurrentName(query, operationName) });
    const response = await fetch(location.pathname, { method: 'POST', credentials: 'omit', headers, body });
    const answer = await response.json();
    if (!isIntrospection) showRepairLinks(findRepairLinks(answer.data));
    return answer;
  } catch {
    showNote(FIRST_NOTE);
    return { errors: [{ message: 'The gateway gives no answer. Is it still running?' }] };
  }
}

/**
 * For a moment after a change of tabs, GraphiQL still names the operation of the tab before.
 *
 * @param {string} query
 * @param {string | null} [name]
 */
function toCurrentName(query, name) {
  return name && query.includes(name) ? name : undefined;
}

/**
 * Leaves an editor by Escape, unless that closes something in it. Tab belongs to the text, so there was no way out.
 *
 * @param {KeyboardEvent} event
 */
function leaveEditor({ key: pressed, target }) {
  const editor = target instanceof Element ? target.closest('.graphiql-editor') : null;
  const isOpen = editor?.querySelector('.suggest-widget.visible, .find-widget.visible');
  if (pressed === 'Escape' && editor instanceof HTMLElement && !isOpen) editor.focus();
}

/**
 * Runs the query by Ctrl+Enter wherever the focus is. GraphiQL does in its editors alone.
 *
 * @param {KeyboardEvent} event
 */
function runFromAnywhere(event) {
  const isInEditor = event.target instanceof Element && event.target.closest('.monaco-editor') !== null;
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || isInEditor) return;
  // On a button it would press that as well.
  event.preventDefault();
  const button = graphiql.querySelector('.graphiql-execute-button');
  if (button instanceof HTMLElement) button.click();
}

/**
 * Takes the note about an answer away when another tab is opened.
 *
 * @param {{ activeTabIndex: number }} tabState
 */
function forgetAnswer({ activeTabIndex }) {
  if (activeTabIndex === openTab) return;
  openTab = activeTabIndex;
  showNote(FIRST_NOTE);
}

/** @param {string} ownHeaders what the Headers editor says */
function showWhoAsks(ownHeaders) {
  const isNamedThere = /"authorization"\s*:/i.test(ownHeaders);
  if (key.disabled === isNamedThere) return;
  key.disabled = isNamedThere;
  showNote(isNamedThere ? '' : 'The key above is sent.');
}

/**
 * Finds the links that an answer offers, whatever its shape.
 *
 * @param {unknown} value
 * @returns {string[]}
 */
function findRepairLinks(value) {
  if (typeof value !== 'object' || value === null) return [];
  const { repairLink, ...rest } = /** @type {{ repairLink?: RepairLink | null }} */ (value);
  const url = repairLink?.url;
  return [...(typeof url === 'string' ? [url] : []), ...Object.values(rest).flatMap(findRepairLinks)];
}

/** @param {string[]} urls */
function showRepairLinks(urls) {
  const links = [...new Set(urls)].filter((url) => /^https?:/.test(url)).map(toLink);
  if (links.length === 0) showNote('The answer has no repair link.');
  else showNote('Repair, in a new tab: ', links);
}

/**
 * @param {string} text
 * @param {Element[]} [links]
 */
function showNote(text, links = []) {
  note.replaceChildren(key.disabled ? HEADERS_DECIDE : '', text, ...links.flatMap((link) => [link, ' ']));
}

/** @param {string} url */
function toLink(url) {
  return Object.assign(document.createElement('a'), { href: url, textContent: url, target: '_blank', rel: 'noopener' });
}

/**
 * Finds an element of the page.
 *
 * @template {Element} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
function find(id, kind) {
  const element = document.getElementById(id);
  if (element instanceof kind) return element;
  throw new Error(`The page lacks #${id}.`);
}
