import { createServer } from 'node:http';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { hasBrowser, startBrowser, type TestBrowser } from '../support/browser.js';
import { startProcess, type TestGateway } from '../support/gateway.js';
import { listenLocally } from '../support/listen.js';
import { KEYS } from '../support/policy.js';
import { until } from '../support/until.js';

const OPERATION = JSON.stringify({ query: '{ userConnection(userId: "alice", connectorSlug: "slack") { state } }' });
/** The headers of Apollo Client, Sentry and OpenTelemetry. */
const HEADERS = {
  authorization: `Bearer ${KEYS.bff}`,
  'content-type': 'application/json',
  accept: 'application/graphql-response+json,application/json;q=0.9',
  'apollographql-client-name': 'page',
  'sentry-trace': '0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1',
  baggage: 'sentry-environment=production',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

describe.skipIf(!hasBrowser)('A page of an allowed origin', () => {
  let gateway: TestGateway;
  let url: string;
  let browser: TestBrowser;
  const pages = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>App</title>');
  });
  let app: string;
  beforeAll(async () => {
    app = `http://127.0.0.1:${await listenLocally(pages)}`;
    gateway = await startProcess({ XKIT_CORS_ORIGINS: app, XKIT_MAX_OPERATIONS: '1' });
    ({ url } = await gateway.fetch('/graphql'));
    browser = await startBrowser(app, url);
  });
  afterAll(async () => {
    await browser.close();
    await gateway.close();
    pages.close();
  });

  it('sends the headers of its libraries, and reads the result and that the gateway is overloaded', async () => {
    const page = await browser.newPage();
    await page.goto(app);
    const ask = () =>
      page.evaluate(
        async ([target, headers, body]) => {
          const response = await fetch(target, { method: 'POST', headers, body });
          return { text: await response.text(), retryAfter: response.headers.get('retry-after') };
        },
        [url, HEADERS, OPERATION] as const,
      );
    gateway.sandbox.faults.add({ delayMs: 3_000 });
    const slow = gateway.fetch('/graphql', { method: 'POST', headers: HEADERS, body: OPERATION });
    await until(() => gateway.sandbox.requests.entries.length === 1);
    // The browser has no preflight in its cache yet.
    expect(await ask()).toEqual({ text: expect.stringContaining('"OVERLOADED"') as string, retryAfter: '1' });
    await slow;
    expect(await ask()).toEqual({ text: expect.stringContaining('"ACTIVE"') as string, retryAfter: null });
    await page.context().close();
  });
});
