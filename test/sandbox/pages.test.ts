import { request } from 'node:http';

import { expect, it } from 'vitest';

import { createSandbox, DEFAULT_SEED } from '../../src/sandbox/index.js';
import { createVisitor } from '../support/visitor.js';

const CATALOG = DEFAULT_SEED.connectors.map(({ slug }) => `/connectors/${slug}`);

it.each(['/', ...CATALOG, '/connectors/nonesuch', '/nonesuch', '/faults'])(
  'states at %s that it is a sandbox, on a page without scripts or external resources',
  async (path) => {
    const { text, html, headers } = await createVisitor(createSandbox()).open(path);
    expect(text).toContain('This is a sandbox. No app is connected, and no token opens anything.');
    expect(html.match(/<h1>/g)).toHaveLength(1);
    expect(html).toMatch(/<html lang="en">[\s\S]*<title>[^<]+ – Xkit sandbox<\/title>/);
    expect(html).not.toMatch(/<script|<link|<img|\son\w+=|\sstyle=|src=/);
    const [, nonce = ''] = /<style nonce="([^"]+)">/.exec(html) ?? [];
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    );
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  },
);

it('uses a new nonce for each response', async () => {
  const visitor = createVisitor(createSandbox());
  const policies = [await visitor.open('/'), await visitor.open('/')].map(({ headers }) =>
    headers.get('content-security-policy'),
  );
  expect(policies[0]).not.toBe(policies[1]);
});

it('does not show any token or key', async () => {
  const sandbox = createSandbox({ secretKey: 'sk_canary' });
  const visitor = createVisitor(sandbox);
  const headers = { authorization: `Basic ${btoa('pk_sandbox:sk_canary')}` };
  const answer = await sandbox.fetch(`${sandbox.apiUrl}/connections/alice/slack?key=sk_canary`, { headers });
  expect(await answer.text()).toContain('-token-');
  for (const path of ['/', ...CATALOG, '/?key=sk_canary']) {
    expect((await visitor.open(path)).html).not.toMatch(/-token-\d|sk_canary/);
  }
});

it('escapes markup in every text', async () => {
  const hostile = `"'><script>alert(1)</script>&amp;`;
  const sandbox = createSandbox({
    seed: {
      connectors: [{ slug: hostile, name: hostile, short_description: hostile }],
      users: {
        [hostile]: {
          [hostile]: [{ enabled: true, status: 'error', displayLabel: hostile, errorMessage: hostile }],
        },
        other: { [hostile]: [{ enabled: true, status: hostile }] },
      },
      groups: { [hostile]: [hostile] },
    },
  });
  const visitor = createVisitor(sandbox);
  const path = `/connectors/${encodeURIComponent(hostile)}`;
  await sandbox.fetch(`${sandbox.apiUrl}/connections/'%3E<b>/x`);
  sandbox.store.provisionUser('\ud800');
  const pages = [
    await visitor.open('/'),
    await visitor.open(path),
    await visitor.press(path, `Reconnect ${hostile} for ${hostile}`),
    await visitor.press(path, `Set up ${hostile}`, { user: `${hostile}2` }),
    await visitor.press(path, `Set up ${hostile}`, { user: '.' }),
    await visitor.open(`/connectors/${encodeURIComponent(`${hostile}3`)}`),
  ];
  expect(pages.map(({ status }) => status)).toEqual([200, 200, 200, 200, 422, 404]);
  for (const { html, text } of pages) {
    expect(html).not.toMatch(/<script|<b>/);
    expect(text).toContain(hostile);
  }
  expect(pages[2]?.message).toContain(`${hostile} is connected to ${hostile} again.`);
});

const ACTIONS = [
  ['/connectors/github', { user: 'alice', action: 'reconnect' }],
  ['/faults', { fault: 'down' }],
  ['/requests/clear', {}],
  ['/start-over', {}],
] as const;

it.each(ACTIONS)('refuses a form from another site at %s, and accepts its own', async (path, fields) => {
  const sandbox = createSandbox();
  const post = (headers: Record<string, string>) =>
    sandbox.fetch(`http://localhost:4001${path}`, { method: 'POST', body: new URLSearchParams(fields), headers });
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:4001' },
    { origin: 'https://evil.example' },
    { origin: 'http://localhost:4000' },
    { origin: 'null' },
  ]) {
    const response = await post(headers);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('This form came from another site, so nothing was changed.');
  }
  expect(sandbox.faults.waiting).toEqual([]);
  expect(sandbox.store.peekUser('alice', 'github')?.authorization?.status).toBe('error');
  for (const headers of [{ 'sec-fetch-site': 'same-origin' }, { origin: 'http://localhost:4001' }, {}]) {
    sandbox.store.reset();
    expect((await post(headers)).status).toBe(303);
  }
});

it('serves its pages only under a loopback host name if it listens on loopback', async () => {
  const { port, close } = await createSandbox().listen();
  const statusAs = (host: string, path: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, headers: { host } }, (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode));
      });
      sent.once('error', reject).end();
    });
  for (const host of ['evil.example', `127.0.0.1.evil.example:${port}`, 'evil.localhost', '10.0.0.1', '[', 'a b']) {
    expect([host, await statusAs(host, '/')]).toEqual([host, 421]);
    expect([host, await statusAs(host, '/connectors/slack')]).toEqual([host, 421]);
  }
  for (const host of [`localhost:${port}`, '127.0.0.1', '127.1.2.3', '[::1]:80', 'LOCALHOST']) {
    expect([host, await statusAs(host, '/')]).toEqual([host, 200]);
  }
  // A gateway may use any name for this machine, such as that of a container. Its requests need credentials.
  expect(await statusAs('evil.example', '/api/platform/connections/alice/slack')).toBe(401);
  expect(await statusAs('localhost', '/connectors/%E0%A4%A')).toBe(400);
  expect(await statusAs('localhost', '/')).toBe(200);
  await close();
});
