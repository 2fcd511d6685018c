import { parseBaseUrl } from './base-url.js';
import { toSegment } from './text.js';

/** What a person does on the page that a repair link opens. */
export type RepairAction = 'SET_UP' | 'FINISH' | 'REPAIR';

/** Why there is no usable access token. */
export type TokenUnavailableReason =
  | 'NOT_FOUND'
  | 'NOT_ENABLED'
  | 'AUTHORIZATION_MISSING'
  | 'AUTHORIZATION_PENDING'
  | 'AUTHORIZATION_ERROR'
  | 'TOKEN_MISSING'
  | 'TOKEN_REJECTED'
  | 'UNKNOWN_STATUS';

/** Sends a person to the catalog page where a connection is set up or repaired. */
export interface RepairLink {
  readonly url: string;
  readonly action: RepairAction;
  readonly reason: TokenUnavailableReason;
}

/** Names the Xkit catalog: by its slug at xkit.co, or by the root URL of a custom domain or a self-hosted one. */
export type CatalogOptions = { readonly slug: string } | { readonly url: string };

/** Gives the catalog page of a connector. */
export type CatalogPageUrl = (connectorSlug: string) => string;

/**
 * Creates the function that gives a connector's catalog page, `<root>/connectors/<connector_slug>`.
 *
 * The link holds no token, user id or return address: it ends in browser histories and logs.
 *
 * @throws {TypeError} if the slug is no DNS label, or the URL is not `https` (or loopback)
 */
export function createCatalogPageUrl(options: CatalogOptions): CatalogPageUrl {
  if (typeof options !== 'object' || options === null) throw new TypeError('catalog must be { slug } or { url }.');
  if ('slug' in options && 'url' in options) throw new TypeError('catalog must have either slug or url, not both.');
  const root = toCatalogRoot(options);
  return (connectorSlug) => `${root}/connectors/${toSegment(connectorSlug)}`;
}

/** Tells whether a text is a catalog slug: one DNS label. */
export function isCatalogSlug(text: string): boolean {
  return typeof text === 'string' && /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(text);
}

/**
 * Gives the root URL of a catalog, without a trailing slash.
 *
 * @throws {TypeError} if the slug is no DNS label, or the URL is not `https` (or loopback)
 */
export function toCatalogRoot(options: CatalogOptions): string {
  if ('url' in options) return parseBaseUrl('catalog.url', options.url);
  if (!isCatalogSlug(options.slug)) {
    throw new TypeError('catalog.slug must be one DNS label: letters, digits and hyphens.');
  }
  return `https://${options.slug}.xkit.co`;
}
