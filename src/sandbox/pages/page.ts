import { raw } from 'h3';

import { type Markup, markup } from './markup.js';
import type { SandboxConnector } from '../store.js';
import { STYLE } from './style.js';

/** What one page shows. */
export interface Page {
  /** Names the page, in the browser's tab and as its heading. */
  readonly title: string;
  /** What follows the heading. */
  readonly content: Markup;
  /** @default 200 */
  readonly status?: number;
  /** Path of the page itself, which its navigation marks; absent for a page that is not in it. */
  readonly path?: string;
}

/** Shows a page in the frame that all of them have. */
export type ShowPage = (page: Page) => Response;

/** Creates the frame of the pages: it says that this is a sandbox, and leads to every other page. */
export function createShowPage(connectors: readonly SandboxConnector[]): ShowPage {
  const links = [
    { path: '/', name: 'Overview' },
    ...connectors.map((connector) => ({ path: toCatalogPath(connector), name: toName(connector) })),
  ];
  return ({ title, content, status = 200, path }) => {
    const nonce = crypto.randomUUID();
    const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} – Xkit sandbox</title>
<style nonce="${nonce}">${raw(STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>
<p class="notice"><strong>This is a sandbox.</strong> No app is connected, and no token opens anything.</p>
<nav aria-label="Pages"><ul>${links.map((link) => toLink(link, path))}</ul></nav>
</header>
<main id="content" tabindex="-1">
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`;
    return new Response(page.value, { status, headers: { ...HEADERS, 'content-security-policy': toPolicy(nonce) } });
  };
}

/** Tells where the catalog page of a connector is: where its repair links lead. */
export function toCatalogPath({ slug }: SandboxConnector): string {
  return `/connectors/${encodeURIComponent(slug)}`;
}

/** Names a connector for a person. */
export function toName({ name, slug }: SandboxConnector): string {
  return name ?? slug;
}

/** Where the message of {@link toMessage} is. */
export const MESSAGE_ANCHOR = '#message';

/**
 * Says what the last press of a button did. A link to {@link MESSAGE_ANCHOR} moves the focus to it, so that a screen
 * reader reads it out: a page that says so from its beginning does not make one speak.
 */
export function toMessage(message: Markup): Markup {
  return markup`<p class="message" id="message" role="status" tabindex="-1">${message}</p>`;
}

function toLink({ path, name }: { readonly path: string; readonly name: string }, current: string | undefined): Markup {
  return markup`<li><a href="${path}"${path === current ? raw(' aria-current="page"') : null}>${name}</a></li>`;
}

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // Not `no-referrer`, which makes browsers send `Origin: null` with the page's own forms.
  'referrer-policy': 'same-origin',
};

function toPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}
