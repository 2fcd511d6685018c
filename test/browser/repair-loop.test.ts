import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  findBarriers,
  hasBrowser,
  PHONE,
  startBrowser,
  tabTo,
  takePicture,
  type TestBrowser,
} from '../support/browser.js';
import { type RunningCli, startCli } from '../support/gateway.js';
import { openGraphiql } from '../support/graphiql.js';

describe.skipIf(!hasBrowser)('The repair of a connection', () => {
  let dev: RunningCli;
  let url: string;
  let sandboxUrl: string;
  let browser: TestBrowser;
  beforeAll(async () => {
    dev = startCli(['dev'], { PORT: '0', SANDBOX_PORT: '0' });
    [, url] = await dev.printed(/GraphQL +(\S+)/);
    [, sandboxUrl] = await dev.printed(/Sandbox Platform API +(\S+)\/api\/platform/);
    browser = await startBrowser(url, sandboxUrl);
  });
  beforeEach(() => fetch(`${sandboxUrl}/start-over`, { method: 'POST', redirect: 'manual' }));
  afterEach(() => expect(browser.takeProblems()).toEqual([]));
  afterAll(async () => {
    await browser.close();
    await dev.stop();
  });

  it('leads from a revoked connection to a new token with the mouse', async () => {
    const { page, run, shows, note } = await openGraphiql(await browser.newPage(), url);
    await run('Revoked');
    await shows('NEEDS_REPAIR');
    const opened = page.waitForEvent('popup');
    await note.getByRole('link', { name: '/connectors/github' }).click();
    const catalog = await opened;
    await catalog.getByRole('button', { name: 'Reconnect GitHub for alice' }).click();
    await catalog.getByRole('status').filter({ hasText: 'alice is connected to GitHub again' }).waitFor();
    await catalog.close();
    await run();
    await shows('sandbox-alice-github-');
    await note.getByText('The result has no repair link.').waitFor();
    await page.context().close();
  });

  it('leads from a connection that was never set up to its first token with the keyboard', async () => {
    const { page, tab, editor, runButton, shows, note } = await openGraphiql(await browser.newPage(), url);
    await tabTo(page, tab('NeverEnabled'));
    await page.keyboard.press('Enter');
    // The shortcut works anywhere, and in an editor, which the keyboard can enter and leave.
    await page.keyboard.press('Control+Enter');
    await shows('SET_UP');
    await tabTo(page, editor);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+Enter');
    await shows('SET_UP');
    await page.keyboard.press('Escape');
    await tabTo(page, note.getByRole('link', { name: '/connectors/google-drive' }));
    const opened = page.waitForEvent('popup');
    await page.keyboard.press('Enter');
    const catalog = await opened;
    await tabTo(catalog, catalog.getByRole('button', { name: 'Set up Google Drive for alice' }));
    await catalog.keyboard.press('Enter');
    await catalog.getByRole('status').filter({ hasText: 'alice is connected to Google Drive' }).waitFor();
    await catalog.close();
    await tabTo(page, runButton);
    await page.keyboard.press('Enter');
    await shows('sandbox-alice-google-drive-');
    await page.context().close();
  });

  it('links to the sandbox, which shows no token', async () => {
    const { page, run, shows } = await openGraphiql(await browser.newPage(), url);
    await run('Connected');
    await shows('sandbox-alice-slack-1-token-1');
    const opened = page.waitForEvent('popup');
    await page.getByRole('link', { name: 'Sandbox' }).click();
    const overview = await opened;
    await overview.getByText('This is a sandbox.').first().waitFor();
    for (const path of ['/', '/connectors/slack']) {
      await overview.goto(sandboxUrl + path);
      await expect(overview.content()).resolves.not.toContain('token-1');
    }
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)(
    'has no accessibility barrier in the sandbox that axe-core finds in the %s color scheme',
    async (colorScheme) => {
      const page = await browser.newPage({ colorScheme });
      await page.goto(`${sandboxUrl}/connectors/github`);
      await checkBothSizes(page, `catalog-${colorScheme}`);
      await page.goto(sandboxUrl);
      await checkBothSizes(page, `overview-${colorScheme}`);
      await page.context().close();
    },
  );
});

async function checkBothSizes(page: Page, name: string): Promise<void> {
  const desktop = page.viewportSize();
  await takePicture(page, name);
  await expect(findBarriers(page)).resolves.toEqual([]);
  await page.setViewportSize(PHONE);
  await takePicture(page, `${name}-phone`);
  await expect(findBarriers(page)).resolves.toEqual([]);
  if (desktop) await page.setViewportSize(desktop);
}
