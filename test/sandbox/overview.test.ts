import { afterEach, beforeEach, expect, it } from 'vitest';

import { startInProcess, type TestGateway } from '../support/gateway.js';
import { UserConnection } from '../support/operations.js';
import { createVisitor, type Visitor } from '../support/visitor.js';

let gateway: TestGateway;
let visitor: Visitor;
beforeEach(async () => {
  gateway = await startInProcess();
  visitor = createVisitor(gateway.sandbox);
});
afterEach(() => gateway.close());

const ask = (userId = 'alice') => gateway.send(UserConnection, { userId, connectorSlug: 'slack' });

/** Returns the cells of the table row with this heading. */
const row = (html: string, heading: string) =>
  [...html.matchAll(/<tr><th scope="row">([\s\S]*?)<\/tr>/g)]
    .map(([, content = '']) => content.split(/<\/t[hd]>/).map((cell) => cell.replaceAll(/<span[\s\S]*|<[^>]*>/g, '')))
    .find(([first]) => first === heading);

it('shows the state of every connection of every user and group', async () => {
  const { html, text } = await visitor.open('/');
  expect(row(html, 'alice')?.slice(1, -1)).toEqual([
    'Connected',
    'Needs repair',
    'Pending',
    'Pending',
    'Not set up',
    'Disconnected',
    'Needs repair',
    'Needs repair',
    'Needs repair',
  ]);
  expect(row(html, 'erin')?.slice(1, 3)).toEqual(['Expired', 'Expired']);
  expect(row(html, 'acme')?.[1]).toBe('Connected');
  expect(row(html, 'newcomers')?.[1]).toBe('Not set up');
  expect(text).toContain('acme bob, carol');
  expect(html).toContain(
    '<a class="state broken" href="/connectors/github#person-1">Needs repair<span class="hidden">: GitHub for alice</span></a>',
  );
});

it('limits the number of people and groups that it shows', async () => {
  const { store } = gateway.sandbox;
  for (let number = 0; number < 250; number += 1) {
    store.provisionUser(`user-${number}`, 'crowd');
    store.provisionUser('alice', `group-${number}`);
  }
  const { html, text } = await visitor.open('/');
  expect(html.match(/<th scope="row">/g)).toHaveLength(400);
  expect(text).toContain('People by connector: 200 of 257');
  expect(text).toContain('Groups by connector: 200 of 254');
  expect(text).toContain('user-18, user-19 …');
});

it.each([
  ['slow', 'Slow', 'PLATFORM_TIMEOUT'],
  ['down', 'Down', 'PLATFORM_UNAVAILABLE'],
  ['rate-limited', 'Rate limited', 'PLATFORM_RATE_LIMITED'],
  ['broken-body', 'Broken body', 'PLATFORM_BAD_RESPONSE'],
  ['broken-connection', 'Broken connection', 'PLATFORM_UNAVAILABLE'],
])('switches the fault %s on and off', async (fault, label, code) => {
  const on = await visitor.press('/', 'Apply the fault', { fault });
  expect(on.message).toContain(`${label}: the fault affects every request until you switch it off.`);
  expect(on.text).toContain(`Active fault: ${label}.`);
  expect(on.html).toMatch(new RegExp(`id="fault-${fault}"[^>]* checked`));
  for (let times = 0; times < 2; times += 1) {
    const { data, errors } = await ask();
    expect(data?.userConnection).toBeNull();
    expect(errors.map(({ extensions }) => extensions['code'])).toEqual([code]);
  }
  const off = await visitor.press('/', 'Switch off the fault');
  expect(off.message).toContain('No fault is active.');
  expect([off.text.includes('Active fault: None.'), off.buttons.includes('Switch off the fault')]).toEqual([
    true,
    false,
  ]);
  expect((await ask()).data?.userConnection?.state).toBe('ACTIVE');
});

it('applies one fault at a time, and shows the faults that code added', async () => {
  await visitor.press('/', 'Apply the fault', { fault: 'down' });
  await visitor.press('/', 'Apply the fault', { fault: 'slow' });
  expect(gateway.sandbox.faults.waiting).toEqual([{ delayMs: 2_000, times: Infinity }]);
  gateway.sandbox.faults.clear();
  gateway.sandbox.faults.add({ status: 500 });
  expect((await visitor.open('/')).text).toContain('Active fault: faults from code (1).');
  await visitor.press('/', 'Apply the fault', { fault: 'none' });
  expect(gateway.sandbox.faults.waiting).toEqual([]);
});

it.each([{}, { fault: 'nonesuch' }])('changes nothing if a form names no known fault: %o', async (fields) => {
  gateway.sandbox.faults.add({ status: 500 });
  const { status, text } = await visitor.press('/', 'Apply the fault', fields);
  expect([status, gateway.sandbox.faults.waiting.length]).toEqual([422, 1]);
  expect(text).toContain('The form has no known fault. Choose one on the overview.');
});

it('shows the newest 50 requests of a gateway, newest first, and clears them', async () => {
  expect((await visitor.open('/')).text).toContain('No requests yet. Query a connection through a gateway.');
  for (let times = 0; times < 50; times += 1) await ask(`user-${times}`);
  await ask('auth0|grace/ops@example.com');
  await gateway.sandbox.fetch(`${gateway.sandbox.apiUrl}/nonesuch`);
  const { html, text } = await visitor.open('/');
  expect(text).toContain('newest first: 50 of 52');
  const cells = [...html.matchAll(/<tr><td>(.*?)<\/tr>/g)].map(([, content = '']) =>
    content.split('</td>').map((cell) => cell.replaceAll(/<[^>]*>/g, '')),
  );
  expect(cells).toHaveLength(50);
  expect(cells[0]?.slice(1, -1)).toEqual(['GET', '/api/platform/nonesuch', '401', 'none']);
  const path = '/api/platform/connections/auth0%7Cgrace%2Fops%40example.com/slack';
  expect(cells[1]?.slice(1, -1)).toEqual(['GET', path, '200', 'right']);
  expect(cells[2]?.[2]).toContain('/user-49/');
  expect(cells[1]?.[0]).toMatch(/^\d\d:\d\d:\d\d$/);

  expect((await visitor.press('/', 'Clear the requests')).message).toBe('The requests are cleared.');
  expect(gateway.sandbox.requests.entries).toEqual([]);
});

it('resets people, connections, faults and requests', async () => {
  const before = await visitor.open('/');
  await visitor.press('/connectors/slack', 'Set up Slack', { user: 'nobody' });
  await visitor.press('/connectors/slack', 'Revoke access to Slack for alice');
  await visitor.press('/', 'Apply the fault', { fault: 'down' });
  await ask();
  const after = await visitor.press('/', 'Start over');
  expect(after.message).toBe('The sandbox is in its initial state again.');
  expect((await visitor.open('/')).text).toBe(before.text);
  expect((await ask()).data?.userConnection?.state).toBe('ACTIVE');
});
