import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Source text of parsed documents that is kept, in UTF-16 code units. A document takes about a hundred times its text. */
const MAX_SOURCE_LENGTH = 500_000;
/** A longer document is parsed each time: it is no query of an application. */
const MAX_ENTRY_LENGTH = 20_000;

/** Creates the cache of parsed documents. It is bounded by length, so that hostile documents cannot fill the memory. */
export function createDocumentCache(): LRUCache<string, DocumentNode> {
  return new LRUCache({
    maxSize: MAX_SOURCE_LENGTH,
    maxEntrySize: MAX_ENTRY_LENGTH,
    sizeCalculation: (_, source) => source.length + 1,
  });
}
