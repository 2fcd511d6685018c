import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import {
  DESKTOP,
  findBarriers,
  hasBrowser,
  PHONE,
  startBrowser,
  takePicture,
  type TestBrowser,
} from '../support/browser.js';
import { type RunningCli, startCli } from '../support/gateway.js';
import { openGraphiql } from '../support/graphiql.js';

const TOKEN = 'sandbox-alice-slack-1-token-1';

describe.skipIf(!hasBrowser)('GraphiQL in dev', () => {
  let dev: RunningCli;
  let url: string;
  let browser: TestBrowser;
  beforeAll(async () => {
    dev = startCli(['dev'], { PORT: '0', SANDBOX_PORT: '0' });
    [, url] = await dev.printed(/GraphQL +(\S+)/);
    browser = await startBrowser(url);
  });
  afterEach(() => expect(browser.takeProblems()).toEqual([]));
  afterAll(async () => {
    await browser.close();
    await dev.stop();
  });

  it('opens within two seconds, or within four on a shared machine', async () => {
    const times: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const page = await browser.newPage();
      const start = performance.now();
      await openGraphiql(page, url);
      times.push(performance.now() - start);
      await page.context().close();
    }
    const best = Math.min(...times);
    process.stderr.write(`GraphiQL opens in ${Math.round(best)} ms.\n`);
    expect(best).toBeLessThan(4_000);
  });

  it('has a tab for each case, which shows the expected result', async () => {
    const graphiql = await openGraphiql(await browser.newPage({ viewport: { ...DESKTOP, height: 1_600 } }), url);
    const cases: Record<string, string[]> = {
      Connected: ['ACTIVE', TOKEN],
      Revoked: ['NEEDS_REPAIR', 'invalid_grant', '/connectors/github', 'AUTHORIZATION_ERROR'],
      Pending: ['PENDING', 'AWAITING_CALLBACK', '/connectors/salesforce', 'FINISH'],
      NeverEnabled: ['NOT_ENABLED', '/connectors/google-drive', 'SET_UP'],
      Group: ['ACTIVE', 'sandbox-carol-slack-1-token-1'],
      ManyAtOnce: [TOKEN, 'bob', 'NEEDS_REPAIR', 'dave', 'NOT_ENABLED', 'erin'],
      OneFails: ['BAD_USER_INPUT', 'The connector slug must not consist only of dots.', 'ACTIVE'],
    };
    for (const [tab, texts] of Object.entries(cases)) {
      await graphiql.run(tab);
      for (const text of texts) await graphiql.shows(text);
    }
    await graphiql.page.context().close();
  });

  it('sends the selected key, and states what each key may read', async () => {
    const graphiql = await openGraphiql(await browser.newPage(), url);
    const key = graphiql.page.getByLabel('Service key');
    await expect(key.locator('option').allTextContents()).resolves.toEqual([
      'xkgk_demo_bff: may read all connections and tokens',
      'xkgk_demo_status_page: may read all connections, but no tokens',
      'xkgk_demo_browser: may read the connections of alice and acme, but only the tokens of alice',
    ]);
    await key.selectOption('xkgk_demo_status_page');
    await graphiql.run('Connected');
    await graphiql.shows('The caller lacks the scope tokens:read.');
    await key.selectOption('xkgk_demo_browser');
    await graphiql.run('Group');
    await graphiql.shows('FORBIDDEN');
    await graphiql.page.context().close();
  });

  it('lists the repair links of a result only while its tab is open', async () => {
    const graphiql = await openGraphiql(await browser.newPage(), url);
    await graphiql.run('Revoked');
    await graphiql.note.getByRole('link', { name: '/connectors/github' }).waitFor();
    await graphiql.tab('Connected').click();
    await graphiql.note.getByText('The repair links in its result appear here.').waitFor();
    await expect(graphiql.note.getByRole('link').count()).resolves.toBe(0);
    await graphiql.page.context().close();
  });

  it('sends the authorization of the Headers editor instead of the selected key, and shows a note', async () => {
    const graphiql = await openGraphiql(await browser.newPage(), url);
    const key = graphiql.page.getByLabel('Service key');
    await graphiql.write('Headers', '{ "Authorization": "Bearer xkgk_demo_status_page" }');
    await graphiql.note.getByText('The page sends the authorization in Headers, not the key above.').waitFor();
    await expect(key.isDisabled()).resolves.toBe(true);
    await graphiql.run();
    await graphiql.shows('The caller lacks the scope tokens:read.');
    await graphiql.write('Headers', '');
    await graphiql.note.getByText('The page sends the key above.').waitFor();
    await expect(key.isEnabled()).resolves.toBe(true);
    await graphiql.run();
    await graphiql.shows(TOKEN);
    await graphiql.page.context().close();
  });

  it('describes the schema and its types', async () => {
    const { page } = await openGraphiql(await browser.newPage(), url);
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByText('exactly one of two: a usable access token, or a link').waitFor();
    await page.getByRole('link', { name: 'RepairLink', exact: true }).click();
    await page.getByText('Where a person').first().waitFor();
    await page.context().close();
  });

  it('does not read a query from its URL, does not write one into it, and stores nothing', async () => {
    const graphiql = await openGraphiql(await browser.newPage(), `${url}?query=query%20Planted%20%7B%20x%20%7D`);
    const { page } = graphiql;
    await expect(page.getByText('Planted').count()).resolves.toBe(0);
    await page.goto(url);
    await graphiql.write('Variables', '{ "userId": "alice" }');
    await graphiql.write('Headers', '{ "x-canary": "canary" }');
    await graphiql.run();
    await graphiql.shows(TOKEN);
    await page.getByRole('region', { name: 'Operation Editor' }).locator('.monaco-editor').click();
    await page.keyboard.insertText('# canary');
    await graphiql.run('Revoked');
    expect(page.url()).toBe(url);
    await expect(page.context().storageState({ indexedDB: true })).resolves.toEqual({ cookies: [], origins: [] });
    await expect(page.evaluate('JSON.stringify([{ ...sessionStorage }, history.state])')).resolves.toBe('[{},null]');
    await expect(page.evaluate('caches.keys()')).resolves.toEqual([]);
    const source = await page.evaluate<string>(
      "fetch(location, { headers: { accept: 'text/html' } }).then((page) => page.text())",
    );
    expect(source).toContain('query Connected');
    expect(source).not.toMatch(/token-1|canary/);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)(
    'has no accessibility barrier that axe-core finds in the %s color scheme',
    async (colorScheme) => {
      const graphiql = await openGraphiql(await browser.newPage({ colorScheme }), url);
      await graphiql.run('Revoked');
      await graphiql.shows('NEEDS_REPAIR');
      await takePicture(graphiql.page, `graphiql-${colorScheme}`);
      await graphiql.page.setViewportSize(PHONE);
      await takePicture(graphiql.page, `graphiql-${colorScheme}-phone`);
      await expect(findBarriers(graphiql.page)).resolves.toEqual([]);
      await graphiql.page.setViewportSize(DESKTOP);
      await graphiql.page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
      await graphiql.page.getByText('All Schema Types').waitFor();
      await takePicture(graphiql.page, `graphiql-${colorScheme}-docs`);
      await expect(findBarriers(graphiql.page)).resolves.toEqual([]);
      await graphiql.page.context().close();
    },
  );
});
