import { type Markup, markup } from './markup.js';
import { toCatalogPath, toName } from './page.js';
import { listPeople, MAX_PEOPLE } from './people.js';
import { toShownState } from './shown-state.js';
import type { SandboxConnection, SandboxConnector, SandboxStore } from '../store.js';

/** One row: a user or a group. */
interface Row {
  readonly ownerId: string;
  /** What else there is to say about it. */
  readonly note: string | null;
  /** Where on a catalog page it is, or nothing. */
  readonly anchor: string;
  readonly peek: (connectorSlug: string) => SandboxConnection | null;
}

/** Shows people, and how each stands with each connector. */
export function toPeopleTable(store: SandboxStore): Markup {
  const rows = listPeople(store).map(({ userId, anchor }) => ({
    ownerId: userId,
    note: null,
    anchor: `#${anchor}`,
    peek: (slug: string) => store.peekUser(userId, slug),
  }));
  const caption = `People by connector: ${rows.length} of ${store.userIds().length}`;
  return toTable(store.connectors(), 'people', caption, rows);
}

/** Shows groups with their users, and how each stands with each connector. */
export function toGroupTable(store: SandboxStore): Markup {
  const groups = store.groups();
  const rows = groups.slice(0, MAX_PEOPLE).map(({ groupId, userIds }) => ({
    ownerId: groupId,
    note: userIds.slice(0, SHOWN_MEMBERS).join(', ') + (userIds.length > SHOWN_MEMBERS ? ' …' : ''),
    anchor: '',
    peek: (slug: string) => store.peekGroup(groupId, slug),
  }));
  const caption = `Groups by connector: ${rows.length} of ${groups.length}`;
  return toTable(store.connectors(), 'groups', caption, rows);
}

const SHOWN_MEMBERS = 20;

function toTable(
  connectors: readonly SandboxConnector[],
  headingId: string,
  caption: string,
  rows: readonly Row[],
): Markup {
  return markup`
<div class="scroll" role="region" aria-labelledby="${headingId}" tabindex="0">
<table>
<caption>${caption}</caption>
<thead><tr><th scope="col">Who</th>${connectors.map((one) => markup`<th scope="col">${toName(one)}</th>`)}</tr></thead>
<tbody>${rows.map((row) => toTableRow(connectors, row))}</tbody>
</table>
</div>`;
}

function toTableRow(connectors: readonly SandboxConnector[], row: Row): Markup {
  const note = row.note === null ? null : markup`<br><span class="account">${row.note}</span>`;
  return markup`<tr><th scope="row">${row.ownerId}${note}</th>${connectors.map((connector) => toCell(connector, row))}</tr>`;
}

function toCell(connector: SandboxConnector, { ownerId, anchor, peek }: Row): Markup {
  const connection = peek(connector.slug);
  if (!connection) return markup`<td></td>`;
  const { tone, words } = toShownState(connection);
  const href = toCatalogPath(connector) + anchor;
  return markup`<td><a class="state ${tone}" href="${href}">${words}<span class="hidden">: ${toName(connector)} for ${ownerId}</span></a></td>`;
}
