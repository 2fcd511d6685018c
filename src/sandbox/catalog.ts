import { type H3, html, raw } from 'h3';

import { readPathParameter } from './path-parameter.js';
import type { SandboxConnection, SandboxStore } from './store.js';

/**
 * Adds the catalog page that repair links point to, `/connectors/<slug>`.
 *
 * A real catalog knows who is looking and shows that person's connection alone. This one has no sessions: it shows
 * everybody's, and a button does what a person would do at the third party.
 */
export function addCatalog(app: H3, store: SandboxStore): void {
  app.get('/connectors/:connector', (event) => {
    const slug = readPathParameter(event, 'connector');
    const connector = store.findConnector(slug);
    if (!connector) return new Response('The sandbox has no such connector.\n', { status: 404 });
    const people = store.userIds().map((userId) => ({ userId, action: toAction(store.readUser(userId, slug)) }));
    return html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width" />
          <title>${connector.name ?? slug} in the sandbox catalog</title>
        </head>
        <body>
          <p><strong>This is a sandbox.</strong> No app is connected, and no token opens anything.</p>
          <h1>${connector.name ?? slug}</h1>
          <p>${connector.short_description ?? ''}</p>
          <form method="post">
            <ul>
              ${raw(people.map(toRow).join(''))}
            </ul>
          </form>
        </body>
      </html>`;
  });

  app.post('/connectors/:connector', async (event) => {
    const slug = readPathParameter(event, 'connector');
    const userId = new URLSearchParams(await event.req.text()).get('user');
    if (!store.findConnector(slug) || userId === null || !store.userIds().includes(userId)) {
      return new Response('The sandbox has no such connector or user.\n', { status: 404 });
    }
    store.setConnections(userId, slug, [{ enabled: true, status: 'active', displayLabel: 'Connected here' }]);
    return new Response(null, { status: 303, headers: { location: event.url.pathname } });
  });
}

function toRow({ userId, action }: { readonly userId: string; readonly action: string | null }): string {
  const row =
    action === null
      ? html`<li>${userId}: connected</li>`
      : html`<li>${userId}: <button name="user" value="${userId}">${action}</button></li>`;
  return String(row.body);
}

/** Names what a person would do about a connection, or null if it needs nothing. */
function toAction(connection: SandboxConnection | null): string | null {
  if (!connection?.enabled) return 'Connect';
  const { status, access_token: token } = connection.authorization ?? {};
  if (status === 'active' && token) return null;
  return status === 'awaiting_callback' || status === 'retrieving_tokens' ? 'Finish' : 'Reconnect';
}
