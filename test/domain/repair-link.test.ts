import { expect, it } from 'vitest';

import { createCatalogPageUrl } from '../../src/domain/repair-link.js';

it.each([
  [{ slug: 'acme' }, 'https://acme.xkit.co/connectors/slack'],
  [{ url: 'https://apps.example.com' }, 'https://apps.example.com/connectors/slack'],
  [{ url: 'https://example.com/apps/' }, 'https://example.com/apps/connectors/slack'],
  [{ url: 'http://127.0.0.1:4001' }, 'http://127.0.0.1:4001/connectors/slack'],
  [{ url: 'http://[::1]:4001' }, 'http://[::1]:4001/connectors/slack'],
])('links to the catalog %o', (catalog, url) => {
  expect(createCatalogPageUrl(catalog)('slack')).toBe(url);
});

it('percent-encodes the slug as one path segment', () => {
  expect(createCatalogPageUrl({ slug: 'acme' })('a/b?c#d')).toBe('https://acme.xkit.co/connectors/a%2Fb%3Fc%23d');
});

it.each([
  [{ slug: 'acme.evil.com/' }, 'catalog.slug must be one DNS label: letters, digits and hyphens.'],
  [{ slug: 'acme', url: 'https://example.com' }, 'catalog must have either slug or url, not both.'],
  [{ slug: '' }, 'catalog.slug must be one DNS label: letters, digits and hyphens.'],
  [{ url: 'http://apps.example.com' }, 'catalog.url must use https, since its host is not a loopback address.'],
  [{ url: 'javascript:alert(1)' }, 'catalog.url must be an absolute URL such as https://example.com.'],
  [{ url: 'https://me:secret@example.com' }, 'catalog.url must not contain a user name or password.'],
  [{ url: 'https://example.com/?a=b' }, 'catalog.url must not contain a query or fragment.'],
])('refuses the catalog %o', (catalog, message) => {
  expect(() => createCatalogPageUrl(catalog)).toThrow(message);
});
