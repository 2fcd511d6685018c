import { type Markup, markup } from './markup.js';
import { toCatalogPath, toName } from './page.js';
import { listPeople } from './people.js';
import { toShownState } from './shown-state.js';
import type { SandboxConnection, SandboxConnector, SandboxStore } from './store.js';

/** Shows people, and how each stands with each connector. */
export function toPeopleTable(store: SandboxStore): Markup {
  const people = listPeople(store);
  const total = store.userIds().length;
  const shown = total > people.length ? `the first ${people.length} of ${total}` : `all ${total}`;
  const rows = people.map(({ userId, anchor }) =>
    toTableRow(store, userId, markup`${userId}`, `#${anchor}`, (slug) => store.peekUser(userId, slug)),
  );
  return toTable(store, 'people', `People by connector: ${shown}`, rows);
}

/** Shows groups with their users, and how each stands with each connector. */
export function toGroupTable(store: SandboxStore): Markup {
  const rows = store.groups().map(({ groupId, userIds }) => {
    const heading = markup`${groupId}<br><span class="account">${userIds.join(', ')}</span>`;
    return toTableRow(store, groupId, heading, '', (slug) => store.peekGroup(groupId, slug));
  });
  return toTable(store, 'groups', 'Groups by connector', rows);
}

function toTable(store: SandboxStore, headingId: string, caption: string, rows: readonly Markup[]): Markup {
  const columns = store.connectors().map((connector) => markup`<th scope="col">${toName(connector)}</th>`);
  return markup`
<div class="scroll" role="region" aria-labelledby="${headingId}" tabindex="0">
<table>
<caption>${caption}</caption>
<thead><tr><th scope="col">Who</th>${columns}</tr></thead>
<tbody>${rows}</tbody>
</table>
</div>`;
}

function toTableRow(
  store: SandboxStore,
  ownerId: string,
  heading: Markup,
  anchor: string,
  peek: (slug: string) => SandboxConnection | null,
): Markup {
  const cells = store.connectors().map((connector) => toCell(connector, ownerId, anchor, peek(connector.slug)));
  return markup`<tr><th scope="row">${heading}</th>${cells}</tr>`;
}

function toCell(
  connector: SandboxConnector,
  ownerId: string,
  anchor: string,
  connection: SandboxConnection | null,
): Markup {
  if (!connection) return markup`<td></td>`;
  const { tone, words } = toShownState(connection);
  const href = toCatalogPath(connector) + anchor;
  return markup`<td><a class="state ${tone}" href="${href}">${words}<span class="hidden">: ${toName(connector)} for ${ownerId}</span></a></td>`;
}
