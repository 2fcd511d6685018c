import { afterEach, beforeEach, expect, it } from 'vitest';

import { startInProcess, type TestGateway } from '../support/gateway.js';
import { GroupConnection, UserConnection } from '../support/operations.js';
import { createVisitor, type Visitor } from '../support/visitor.js';

let gateway: TestGateway;
let visitor: Visitor;
beforeEach(async () => {
  gateway = await startInProcess({ schema: { catalog: { url: 'http://localhost' } } });
  visitor = createVisitor(gateway.sandbox);
});
afterEach(() => gateway.close());

async function ask(userId: string, connectorSlug: string) {
  const { data, errors } = await gateway.send(UserConnection, { userId, connectorSlug });
  expect(errors).toEqual([]);
  const { state, authorization, repairLink } = data?.userConnection ?? {};
  return { state, token: authorization?.accessToken ?? null, url: repairLink?.url ?? null };
}

it('repairs a connection on the page of its repair link', async () => {
  const before = await ask('alice', 'github');
  expect(before).toEqual({ state: 'NEEDS_REPAIR', token: null, url: 'http://localhost/connectors/github' });
  const { pathname } = new URL(String(before.url));
  expect((await visitor.open(pathname)).text).toContain('alice Access is lost: Token has been revoked Account: Acme');

  const page = await visitor.press(pathname, 'Reconnect GitHub for alice');
  expect(page.message).toBe(
    'alice is connected to GitHub again. Query the connection again: the response has a new token. Back to alice',
  );
  expect(page.text).toContain('alice Connected Account: Acme');
  expect(await ask('alice', 'github')).toEqual({
    state: 'ACTIVE',
    token: 'sandbox-alice-github-1-token-2',
    url: null,
  });
});

it.each([
  ['google-drive', 'Set up Google Drive for alice', 'alice is connected to Google Drive.'],
  ['dropbox', 'Set up Dropbox for alice', 'alice is connected to Dropbox.'],
  ['salesforce', 'Finish Salesforce for alice', 'alice is now connected to Salesforce.'],
  ['hubspot', 'Finish HubSpot for alice', 'alice is now connected to HubSpot.'],
  ['jira', 'Reconnect Jira for alice', 'alice is connected to Jira again.'],
  ['zendesk', 'Reconnect Zendesk for alice', 'alice is connected to Zendesk again.'],
  ['notion', 'Reconnect Notion for alice', 'alice is connected to Notion again.'],
])('shows a single button for %s, which makes the connection active', async (slug, button, message) => {
  const { url, token } = await ask('alice', slug);
  expect([url, token]).toEqual([`http://localhost/connectors/${slug}`, null]);
  const { buttons } = await visitor.open(`/connectors/${slug}`);
  expect(buttons.filter((name) => name.endsWith('for alice'))).toEqual([button]);
  expect((await visitor.press(`/connectors/${slug}`, button)).message).toContain(message);
  expect(await ask('alice', slug)).toMatchObject({ state: 'ACTIVE', url: null });
});

it('expires, revokes and disconnects an active connection', async () => {
  const names = ['Expire token of Slack for alice', 'Revoke access to Slack for alice', 'Disconnect Slack for alice'];
  const { buttons } = await visitor.open('/connectors/slack');
  expect(buttons.filter((name) => name.endsWith('for alice'))).toEqual(names);
  const [expire = '', revoke = '', disconnect = ''] = names;
  const { token } = await ask('alice', 'slack');

  const expired = await visitor.press('/connectors/slack', expire);
  expect(expired.message).toContain('The token of alice for Slack has expired.');
  expect(expired.text).toContain('alice Connected, with a token that has expired: the next read refreshes it');
  const refreshed = await ask('alice', 'slack');
  expect(refreshed).toMatchObject({ state: 'ACTIVE', token: expect.any(String) as string });
  expect(refreshed.token).not.toBe(token);

  const revoked = await visitor.press('/connectors/slack', revoke);
  expect(revoked.message).toContain('The access of alice to Slack is revoked.');
  expect(await ask('alice', 'slack')).toMatchObject({ state: 'NEEDS_REPAIR', token: null });

  await visitor.press('/connectors/slack', 'Reconnect Slack for alice');
  const disconnected = await visitor.press('/connectors/slack', disconnect);
  expect(disconnected.message).toContain('alice is disconnected from Slack.');
  expect(disconnected.text).toContain('alice Disconnected Account: Acme Workspace');
  expect(await ask('alice', 'slack')).toMatchObject({ state: 'NOT_ENABLED', token: null });
});

it('changes the connection of a group together with the connection of its user', async () => {
  const state = async () =>
    (await gateway.send(GroupConnection, { groupId: 'acme', connectorSlug: 'slack' })).data?.groupConnection?.state;
  expect(await state()).toBe('ACTIVE');
  await visitor.press('/connectors/slack', 'Revoke access to Slack for carol');
  expect(await state()).toBe('NEEDS_REPAIR');
  await visitor.press('/connectors/slack', 'Reconnect Slack for bob');
  expect(await state()).toBe('ACTIVE');
});

it('provisions and connects an unknown user', async () => {
  expect(await ask('nobody', 'slack')).toMatchObject({ state: 'NOT_FOUND' });
  const page = await visitor.press('/connectors/slack', 'Set up Slack', { user: 'nobody' });
  expect(page.message).toContain('nobody is connected to Slack.');
  expect(await ask('nobody', 'slack')).toMatchObject({ state: 'ACTIVE' });
  expect((await visitor.press('/connectors/slack', 'Set up Slack', { user: 'bob' })).message).toContain('bob is conn');
});

it('does not refresh a token when a page is opened', async () => {
  for (let times = 0; times < 2; times += 1) {
    expect((await visitor.open('/connectors/slack')).text).toContain('erin Connected, with a token that has expired');
  }
  expect((await ask('erin', 'slack')).token).toBe('sandbox-erin-slack-1-token-2');
});

it('shows no message if the URL names an action that has not happened', async () => {
  const path = '/connectors/github?done=reconnect&user=alice';
  expect((await visitor.open(path)).message).toBeNull();
  await visitor.press('/connectors/github', 'Reconnect GitHub for alice');
  expect((await visitor.open(path)).message).toContain('alice is connected to GitHub again.');
  expect((await visitor.open('/connectors/github?done=reconnect&user=mallory')).message).toBeNull();
  expect((await visitor.open('/connectors/github?done=constructor&user=alice')).message).toBeNull();
});

it('moves the focus to the message about an action, which links back to the person', async () => {
  const body = new URLSearchParams({ user: 'alice', action: 'reconnect' });
  const response = await gateway.sandbox.fetch('http://localhost/connectors/github', { method: 'POST', body });
  const location = '/connectors/github?done=reconnect&user=alice#message';
  expect([response.status, response.headers.get('location')]).toEqual([303, location]);
  const { html } = await visitor.open(location);
  expect(html).toContain('id="message" role="status" tabindex="-1"');
  expect(html).toContain('<a href="#person-1">Back to alice</a>');
  expect(html).toContain('<li id="person-1" tabindex="-1">');
});

it.each([
  [
    'names no action',
    { user: 'alice' },
    422,
    'The form has no known action. Use the buttons on the page of the connector.',
  ],
  ['names an unknown action', { user: 'alice', action: 'toString' }, 422, 'The form has no known action.'],
  ['names no user', { action: 'set-up' }, 422, 'The user id is not valid.'],
  ['has an empty id', { user: '', action: 'set-up' }, 422, 'The user id is not valid.'],
  ['has an id that is invalid in a path', { user: '..', action: 'set-up' }, 422, 'The user id is not valid.'],
  ['has a control character', { user: 'a\u0000b', action: 'set-up' }, 422, 'The user id is not valid.'],
  ['has an id that is too long', { user: 'x'.repeat(257), action: 'set-up' }, 422, 'The user id is not valid.'],
  ['is too long', { user: 'x'.repeat(5_000), action: 'set-up' }, 413, 'The form has more than 4096 bytes.'],
  [
    'expires a connection that is not active',
    { user: 'dave', action: 'expire' },
    409,
    'This action is not possible for dave now',
  ],
  [
    'revokes a connection of an unknown user',
    { user: 'mallory', action: 'revoke' },
    409,
    'This action is not possible for mallory now',
  ],
])('changes nothing, and explains the problem, if a form %s', async (_what, fields, status, sentence) => {
  const body = new URLSearchParams(fields);
  const before = gateway.sandbox.store.userIds();
  const response = await gateway.sandbox.fetch('http://localhost/connectors/slack', { method: 'POST', body });
  expect(response.status).toBe(status);
  expect(await response.text()).toContain(sentence);
  expect(gateway.sandbox.store.userIds()).toEqual(before);
});

it('accepts the longest id that a gateway may send', async () => {
  const user = '語'.repeat(256);
  expect((await visitor.press('/connectors/slack', 'Set up Slack', { user })).message).toContain('is connected to');
  expect(await ask(user, 'slack')).toMatchObject({ state: 'ACTIVE' });
});

it('shows only the first 200 people, and refuses to add another one', async () => {
  const { store } = gateway.sandbox;
  while (store.userIds().length < 205) store.provisionUser(`user-${store.userIds().length}`);
  const { html, text } = await visitor.open('/connectors/slack');
  expect(html.match(/<li id="person-/g)).toHaveLength(200);
  expect(text).toContain('This page shows only the first 200 people.');
  const refused = await visitor.press('/connectors/slack', 'Set up Slack', { user: 'one-more' });
  expect([refused.status, store.userIds().length]).toEqual([409, 205]);
  expect(refused.text).toContain('Start over to make room.');
});

it('responds with 404 and the list of connectors for an unknown connector', async () => {
  const { status, text, html } = await visitor.open('/connectors/nonesuch');
  expect(status).toBe(404);
  expect(text).toContain('The sandbox has no connector nonesuch. Use one that is linked above.');
  expect(html).toContain('<a href="/connectors/slack">Slack</a>');
});
