import { html, raw, type RawHTML } from 'h3';
import type { SandboxConnector } from '../store.js';
import { STYLE } from './style.js';

/** A page fragment with escaped texts. */
export type Markup = RawHTML;

/** Creates a page fragment, as a template tag. Escapes texts, and inserts fragments and lists of them unchanged. */
export function markup(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | null | Markup | readonly Markup[])[]
): Markup {
  const parts = values.map((value) => (isList(value) ? raw(value.map((part) => part.value).join('')) : value));
  return raw(String(html(strings, ...parts).body));
}

function isList(value: unknown): value is readonly Markup[] {
  return Array.isArray(value);
}

export interface Page {
  /** The browser's tab title and the heading. */
  readonly title: string;
  readonly content: Markup;
  /** @default 200 */
  readonly status?: number;
  /** Path of the page, which the navigation marks. Absent if the navigation does not link the page. */
  readonly path?: string;
}

/** Renders a page in the common layout. */
export type ShowPage = (page: Page) => Response;

/** Creates the layout of the pages: a notice that this is a sandbox, and links to every page. */
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

/** Returns the path of a connector's catalog page, which its repair links point to. */
export function toCatalogPath({ slug }: SandboxConnector): string {
  return `/connectors/${encodeURIComponent(slug)}`;
}

/** Returns the name of a connector, or its slug. */
export function toName({ name, slug }: SandboxConnector): string {
  return name ?? slug;
}

/** Redirects to a page that reports with {@link toMessage} what a form did. */
export function redirectToMessage(path: string, query: Readonly<Record<string, string>>): Response {
  return new Response(null, { status: 303, headers: { location: `${path}?${new URLSearchParams(query)}#message` } });
}

/**
 * Reports what a form did. The anchor of {@link redirectToMessage} moves the focus to the message, because a screen
 * reader does not announce a status that is present when the page loads.
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
