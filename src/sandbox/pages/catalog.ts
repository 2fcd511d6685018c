import type { H3, H3Event } from 'h3';
import { readPathParameter } from '../requests.js';
import type { SandboxConnector, SandboxStore } from '../store.js';
import { createRefusal, readForm } from './browser-request.js';
import { type ActionName, ACTIONS, findAction, type ShownState, toShownState } from './connection.js';
import { type Markup, markup, redirectToMessage, type ShowPage, toCatalogPath, toMessage, toName } from './page.js';
import { listPeople, MAX_PEOPLE, type Person, requireUserId } from './people.js';

/**
 * Adds the catalog page of repair links, `/connectors/<slug>`. A real catalog shows only the signed-in person's
 * connection. This one has no sessions and shows everyone's. A button does what a person would do at the third party.
 */
export function addCatalog(pages: H3, store: SandboxStore, showPage: ShowPage): void {
  pages.get('/connectors/:connector', (event) => {
    const connector = readConnector(event, store);
    const rows = listRows(store, connector);
    return showPage({
      title: toName(connector),
      path: toCatalogPath(connector),
      content: markup`<p>${connector.short_description ?? null}</p>
${toOutcome(event.url.searchParams, connector, rows)}
<p>A real catalog shows only your own connections. This one shows all people. Each button does what the person would do at ${toName(connector)}.</p>
<ul class="people" role="list">${rows.map((row) => toItem(row, connector))}</ul>
${store.userIds().length > rows.length ? markup`<p>This page shows only the first ${MAX_PEOPLE} people.</p>` : null}
${toOthersForm(connector)}`,
    });
  });

  pages.post('/connectors/:connector', async (event) => {
    const connector = readConnector(event, store);
    const form = await readForm(event);
    const action = findAction(form.get('action'));
    if (!action)
      throw createRefusal(
        422,
        'Nothing changed',
        'The form has no known action. Use the buttons on the page of the connector.',
      );
    const userId = requireUserId(form.get('user'), store);
    const connection = store.peekUser(userId, connector.slug);
    const isPossible = connection !== null && toShownState(connection).actions.includes(action.name);
    // A person who types a user id cannot know the state of that user's connection.
    if (!isPossible && action.name !== 'set-up') {
      const message = `This action is not possible for ${userId} now. Open the page of ${toName(connector)} again.`;
      throw createRefusal(409, 'Nothing changed', message);
    }
    action.perform(store, userId, connector.slug);
    return redirectToMessage(toCatalogPath(connector), { done: action.name, user: userId });
  });
}

function readConnector(event: H3Event, store: SandboxStore): SandboxConnector {
  const slug = readPathParameter(event, 'connector');
  const connector = store.findConnector(slug);
  if (connector) return connector;
  throw createRefusal(
    404,
    'Connector not found',
    `The sandbox has no connector ${slug}. Use one that is linked above.`,
  );
}

interface Row extends Person, ShownState {
  readonly account: string | null;
}

function listRows(store: SandboxStore, { slug }: SandboxConnector): Row[] {
  return listPeople(store).flatMap((person) => {
    const connection = store.peekUser(person.userId, slug);
    const account = connection?.authorization?.display_label ?? null;
    return connection ? [{ ...person, ...toShownState(connection), account }] : [];
  });
}

/** Reports what the form did, unless the state has changed since. */
function toOutcome(query: URLSearchParams, connector: SandboxConnector, rows: readonly Row[]): Markup | null {
  const action = findAction(query.get('done'));
  const row = rows.find(({ userId }) => userId === query.get('user'));
  if (!action || !row || row.actions.includes(action.name)) return null;
  const { userId, anchor } = row;
  const done = action.done(userId, toName(connector));
  return toMessage(
    markup`${done}. Query the connection again: ${action.next}. <a href="#${anchor}">Back to ${userId}</a>`,
  );
}

function toItem({ userId, anchor, account, tone, sentence, actions }: Row, connector: SandboxConnector): Markup {
  return markup`
<li id="${anchor}" tabindex="-1">
<h2>${userId}</h2>
<p><span class="state ${tone}">${sentence}</span>${account === null ? null : markup`<br><span class="account">Account: ${account}</span>`}</p>
<form method="post" action="${toCatalogPath(connector)}">
<input type="hidden" name="user" value="${userId}">
${actions.map((name) => toButton(name, userId, toName(connector)))}
</form>
</li>`;
}

function toButton(name: ActionName, userId: string, connector: string): Markup {
  const { label, preposition = '' } = ACTIONS[name];
  return markup`<button name="action" value="${name}">${label}<span class="hidden"> ${preposition}${connector} for ${userId}</span></button>`;
}

function toOthersForm(connector: SandboxConnector): Markup {
  return markup`
<h2>Another user</h2>
<form method="post" action="${toCatalogPath(connector)}" class="others">
<p>Adds a user that the platform does not know yet, and connects that user.</p>
<label for="user">User id</label>
<input id="user" name="user" required maxlength="256" autocomplete="off" autocapitalize="none" spellcheck="false">
<button name="action" value="set-up">Set up ${toName(connector)}</button>
</form>`;
}
