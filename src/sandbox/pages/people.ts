import type { SandboxConnection, SandboxConnector, SandboxStore } from '../store.js';
import { createRefusal } from './browser-request.js';
import { toShownState } from './connection.js';
import { type Markup, markup, toCatalogPath, toName } from './page.js';

/** Maximum number of people on a page. No form adds more people than this. */
export const MAX_PEOPLE = 200;

const SHOWN_MEMBERS = 20;

/** A user on the pages. */
export interface Person {
  readonly userId: string;
  /** Anchor of the person's row on every catalog page. */
  readonly anchor: string;
}

/** Lists the first {@link MAX_PEOPLE} users. */
export function listPeople(store: SandboxStore): Person[] {
  return store
    .userIds()
    .slice(0, MAX_PEOPLE)
    .map((userId, index) => ({ userId, anchor: `person-${index + 1}` }));
}

/**
 * Checks the user id of a form, and returns it.
 *
 * @throws {HTTPError} 422 if a gateway cannot request such a user, 409 if there are too many people to add one
 */
export function requireUserId(userId: string | null, store: SandboxStore): string {
  if (userId === null || userId.length > 256 || !/^(?!\.+$)[^\p{Cc}]+$/u.test(userId)) {
    const message = 'The user id is not valid. Use 1 to 256 characters, without control characters, and not only dots.';
    throw createRefusal(422, 'Nothing changed', message);
  }
  const userIds = store.userIds();
  if (userIds.length >= MAX_PEOPLE && !userIds.includes(userId)) {
    const message = `The sandbox has ${userIds.length} people, and its pages show at most ${MAX_PEOPLE}. Start over to make room.`;
    throw createRefusal(409, 'Nothing changed', message);
  }
  return userId;
}

interface Row {
  readonly ownerId: string;
  readonly note: string | null;
  /** Anchor of the row on a catalog page, or empty. */
  readonly anchor: string;
  readonly peek: (connectorSlug: string) => SandboxConnection | null;
}

/** Renders the people, and the state of their connection to each connector. */
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

/** Renders the groups with their users, and the state of their connection to each connector. */
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
<thead><tr><th scope="col">Owner</th>${connectors.map((one) => markup`<th scope="col">${toName(one)}</th>`)}</tr></thead>
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
