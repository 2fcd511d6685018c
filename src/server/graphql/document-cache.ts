import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/**
 * Maximum total length of the cached sources, in UTF-16 code units. A parsed document takes about 100 times the memory
 * of its source.
 */
const MAX_SOURCE_LENGTH = 500_000;
/** A longer document is parsed each time, because applications do not send it. */
const MAX_ENTRY_LENGTH = 20_000;

/** Creates the cache of parsed documents. Its size is bounded, so that hostile documents cannot fill the memory. */
export function createDocumentCache(): LRUCache<string, DocumentNode> {
  return new LRUCache({
    maxSize: MAX_SOURCE_LENGTH,
    maxEntrySize: MAX_ENTRY_LENGTH,
    sizeCalculation: (_, source) => source.length + 1,
  });
}
