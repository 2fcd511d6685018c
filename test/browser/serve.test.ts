import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { hasBrowser, startBrowser, type TestBrowser } from '../support/browser.js';
import { startProcess, type TestGateway } from '../support/gateway.js';
import { openGraphiql } from '../support/graphiql.js';
import { KEYS } from '../support/policy.js';

describe.skipIf(!hasBrowser)('GraphiQL in serve', () => {
  let gateway: TestGateway;
  let url: string;
  let browser: TestBrowser;
  beforeAll(async () => {
    gateway = await startProcess({ XKIT_GRAPHIQL: 'on', XKIT_INTROSPECTION: 'on' });
    [, url = ''] = /^Listening at (\S+)$/m.exec(gateway.output()) ?? [];
    browser = await startBrowser(url);
  });
  beforeEach(() => void browser.takeProblems());
  afterAll(async () => {
    await browser.close();
    await gateway.close();
  });

  it('opens only with a key as password', async () => {
    const page = await browser.newPage();
    await expect(page.goto(url)).rejects.toThrow('ERR_INVALID_AUTH_CREDENTIALS');
    await page.context().close();
  });

  it('sends operations with the entered key, and does not store it', async () => {
    const httpCredentials = { username: 'me', password: KEYS.bff };
    const graphiql = await openGraphiql(await browser.newPage({ httpCredentials }), url);
    const { page } = graphiql;
    await page.getByText('Tokens here are real.').waitFor();
    await page.getByLabel('Service key or token').fill(KEYS.bff);
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByText('All Schema Types').waitFor();
    await graphiql.write('Variables', '{ "userId": "alice", "connectorSlug": "slack" }');
    await graphiql.run();
    await graphiql.shows('ACTIVE');
    expect(page.url()).toBe(url);
    await expect(page.context().storageState({ indexedDB: true })).resolves.toEqual({ cookies: [], origins: [] });
    await expect(page.evaluate('JSON.stringify([{ ...sessionStorage }, history.state])')).resolves.toBe('[{},null]');
    await page.reload();
    await expect(page.getByLabel('Service key or token').inputValue()).resolves.toBe('');
    // Chromium logs the 401 that makes it prompt for a password.
    expect(browser.takeProblems().filter((problem) => !problem.includes('status of 401'))).toEqual([]);
    await page.context().close();
  });

  it('shows the error code for an invalid key', async () => {
    const httpCredentials = { username: 'me', password: KEYS.bff };
    const graphiql = await openGraphiql(await browser.newPage({ httpCredentials }), url);
    await graphiql.page.getByLabel('Service key or token').fill('nonesuch');
    await graphiql.run();
    await graphiql.shows('UNAUTHENTICATED');
    await graphiql.page.context().close();
  });
});
