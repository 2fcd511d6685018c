import { parseBaseUrl } from './base-url.js';
import { toSegment } from './text.js';

/** The action that a person takes on the page of a repair link. */
export type RepairAction = 'SET_UP' | 'FINISH' | 'REPAIR';

/** The reason why a connection has no usable access token. */
export type TokenUnavailableReason =
  | 'NOT_FOUND'
  | 'NOT_ENABLED'
  | 'AUTHORIZATION_MISSING'
  | 'AUTHORIZATION_PENDING'
  | 'AUTHORIZATION_ERROR'
  | 'TOKEN_MISSING'
  | 'TOKEN_REJECTED'
  | 'UNKNOWN_STATUS';

/** Links to the catalog page where a person sets up or repairs a connection. */
export interface RepairLink {
  readonly url: string;
  readonly action: RepairAction;
  readonly reason: TokenUnavailableReason;
}

/** Identifies the Xkit catalog: a slug at xkit.co, or the root URL of a custom domain or a self-hosted catalog. */
export type CatalogOptions = { readonly slug: string } | { readonly url: string };

/** Returns the URL of a connector's catalog page. */
export type CatalogPageUrl = (connectorSlug: string) => string;

/**
 * Creates the function that returns a connector's catalog page, `<root>/connectors/<connector_slug>`. The URL holds no
 * token, user id, or return address, because browser histories and logs keep it.
 *
 * @throws {TypeError} if the slug is not a DNS label, or the URL is not `https` (or loopback)
 */
export function createCatalogPageUrl(options: CatalogOptions): CatalogPageUrl {
  if (typeof options !== 'object' || options === null) throw new TypeError('catalog must be { slug } or { url }.');
  if ('slug' in options && 'url' in options) throw new TypeError('catalog must have either slug or url, not both.');
  const root = toCatalogRoot(options);
  return (connectorSlug) => `${root}/connectors/${toSegment(connectorSlug)}`;
}

/** Returns whether a text is a catalog slug: one DNS label. */
export function isCatalogSlug(text: string): boolean {
  return typeof text === 'string' && /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(text);
}

/**
 * Returns the root URL of a catalog, without a trailing slash.
 *
 * @throws {TypeError} if the slug is not a DNS label, or the URL is not `https` (or loopback)
 */
export function toCatalogRoot(options: CatalogOptions): string {
  if ('url' in options) return parseBaseUrl('catalog.url', options.url);
  if (!isCatalogSlug(options.slug)) {
    throw new TypeError('catalog.slug must be one DNS label: letters, digits and hyphens.');
  }
  return `https://${options.slug}.xkit.co`;
}
