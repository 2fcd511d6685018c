import { existsSync } from 'node:fs';

import axe, { type AxeResults } from 'axe-core';
import { type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Whether Chromium is installed. It is optional on a developer's machine, and required in CI. */
export const hasBrowser = existsSync(CHROMIUM);
if (!hasBrowser) {
  const sentence = `There is no Chromium at ${CHROMIUM}: install it, or name it by the variable CHROMIUM.`;
  if (process.env['CI'] === 'true') throw new Error(sentence);
  process.stderr.write(`The tests in a browser are skipped. ${sentence}\n`);
}

/** Allows only loopback. Other host names do not resolve, and Chromium's background requests are off. */
const FLAGS = [
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Wide enough that no line of a response wraps. */
export const DESKTOP = { width: 1_600, height: 1_000 };
export const PHONE = { width: 360, height: 740 };

/** A real browser that records the problems of its pages. */
export interface TestBrowser {
  /** Opens an empty tab of a new profile: nothing is cached or stored. */
  newPage(options?: BrowserContextOptions): Promise<Page>;
  /** Returns the problems since the last call: errors, warnings, and requests to other origins. */
  takeProblems(): string[];
  close(): Promise<void>;
}

/**
 * Starts Chromium.
 *
 * @param urls the servers that pages may send requests to
 */
export async function startBrowser(...urls: string[]): Promise<TestBrowser> {
  const origins = new Set(urls.map((url) => new URL(url).origin));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  let problems: string[] = [];
  return {
    newPage: async (options) => {
      const context = await browser.newContext({ viewport: DESKTOP, ...options });
      context.setDefaultTimeout(5_000);
      context.on('request', (request) => {
        const { protocol, origin } = new URL(request.url());
        if (protocol !== 'data:' && !origins.has(origin)) problems.push(`asked ${request.url()}`);
      });
      context.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) problems.push(`printed ${message.text()}`);
      });
      context.on('weberror', (error) => problems.push(`threw ${error.error().message}`));
      return await context.newPage();
    },
    takeProblems: () => {
      const taken = problems;
      problems = [];
      return taken;
    },
    close: () => browser.close(),
  };
}

/** Returns the rule and the element of each problem that axe-core rates serious or critical. */
export async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** Presses Tab until an element has the focus. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  const focused = target.and(page.locator(':focus'));
  for (let presses = 0; presses < 100; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await focused.count()) > 0) return;
  }
  throw new Error(`No number of tabs leads to ${String(target)}.`);
}

/** Saves a screenshot for people to look at. */
export async function takePicture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `test/browser/__screenshots__/${name}.png`, fullPage: true });
}
