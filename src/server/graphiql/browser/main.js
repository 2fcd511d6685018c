// Runs in the browser. It is JavaScript, so that `dev` can serve it from `src`. tsconfig.browser.json checks it.
import { mendTabs } from './mend-tabs.js';

/** @typedef {{ url?: unknown }} RepairLink */
/** @typedef {{ query: string, variables?: string }} Tab */
/** @typedef {{ query: string, operationName?: string | null, variables?: unknown }} Operation */

const HEADERS_DECIDE = 'The page sends the authorization in Headers, not the key above. ';
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
  // Without the first tab's query, GraphiQL would use the query in the page's URL.
  query: tabs[0]?.query,
  variables: tabs[0]?.variables,
  defaultTabs: tabs,
  defaultEditorToolsVisibility: tabs.some(({ variables }) => variables !== undefined),
  // A tab may hold owner ids, keys and tokens, so none is stored or written into the URL.
  storage: null,
  shouldPersistHeaders: false,
  onEditQuery: () => undefined,
  onEditHeaders: showWhoAsks,
  onTabChange: forgetAnswer,
  plugins: [],
});

/**
 * Sends an operation with the key above, unless the Headers editor sets another authorization.
 *
 * @param {Operation} operation
 * @param {{ headers?: Record<string, string> }} [options]
 */
async function send({ query, variables, operationName }, { headers: ownHeaders = {} } = {}) {
  const isIntrospection = operationName === 'IntrospectionQuery';
  // GraphiQL requests the schema immediately, before a person can enter a key.
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
    return { errors: [{ message: 'The gateway does not respond. Is it still running?' }] };
  }
}

/**
 * Returns the operation name if it is in the query. For a moment after a change of tabs, GraphiQL still sends the name
 * from the previous tab.
 *
 * @param {string} query
 * @param {string | null} [name]
 */
function toCurrentName(query, name) {
  return name && query.includes(name) ? name : undefined;
}

/**
 * Leaves an editor on Escape, unless Escape closes a widget in it. The Tab key only edits the text.
 *
 * @param {KeyboardEvent} event
 */
function leaveEditor({ key: pressed, target }) {
  const editor = target instanceof Element ? target.closest('.graphiql-editor') : null;
  const isOpen = editor?.querySelector('.suggest-widget.visible, .find-widget.visible');
  if (pressed === 'Escape' && editor instanceof HTMLElement && !isOpen) editor.focus();
}

/**
 * Runs the query on Ctrl+Enter, with the focus on any element. GraphiQL does so only in its editors.
 *
 * @param {KeyboardEvent} event
 */
function runFromAnywhere(event) {
  const isInEditor = event.target instanceof Element && event.target.closest('.monaco-editor') !== null;
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || isInEditor) return;
  // On a button, Enter would also press the button.
  event.preventDefault();
  const button = graphiql.querySelector('.graphiql-execute-button');
  if (button instanceof HTMLElement) button.click();
}

/**
 * Removes the note about a response when another tab is opened.
 *
 * @param {{ activeTabIndex: number }} tabState
 */
function forgetAnswer({ activeTabIndex }) {
  if (activeTabIndex === openTab) return;
  openTab = activeTabIndex;
  showNote(FIRST_NOTE);
}

/** @param {string} ownHeaders the text of the Headers editor */
function showWhoAsks(ownHeaders) {
  const isNamedThere = /"authorization"\s*:/i.test(ownHeaders);
  if (key.disabled === isNamedThere) return;
  key.disabled = isNamedThere;
  showNote(isNamedThere ? '' : 'The page sends the key above.');
}

/**
 * Finds the repair links in the data of a response, at any depth.
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
  if (links.length === 0) showNote('The result has no repair link.');
  else showNote('Repair (opens a new tab): ', links);
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
  throw new Error(`The page has no element #${id}.`);
}
