import { parse } from 'graphql';
import { expect, it } from 'vitest';

import { createDocumentCache } from '../../../src/server/documents/document-cache.js';

const document = parse('{ a }');

it('keeps a document when it comes for the second time', () => {
  const cache = createDocumentCache();
  cache.set('{ a }', document);
  expect(cache.get('{ a }')).toBeUndefined();
  cache.set('{ a }', document);
  expect(cache.get('{ a }')).toBe(document);
});

it('forgets those that were not asked for longest, and keeps none that is long', () => {
  const cache = createDocumentCache();
  const keep = (source: string) => {
    cache.set(source, document);
    cache.set(source, document);
  };
  keep('{ a }');
  for (let index = 0; index < 30; index += 1) keep(`{ a } # ${index}${'#'.repeat(19_000)}`);
  expect(cache.get('{ a }')).toBeUndefined();
  keep(`{ a } ${'#'.repeat(20_000)}`);
  expect(cache.get(`{ a } ${'#'.repeat(20_000)}`)).toBeUndefined();
});
