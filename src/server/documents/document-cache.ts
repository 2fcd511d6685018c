import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Source text of parsed documents kept at most, in UTF-16 code units. A document takes about a hundred times its text. */
const MAX_SOURCE_LENGTH = 500_000;
/** A longer document is parsed anew each time: it is no query of an application. */
const MAX_ENTRY_LENGTH = 20_000;

/** Creates a cache of parsed documents that hostile ones cannot fill: bounded by length, not by number. */
export function createDocumentCache(): LRUCache<string, DocumentNode> {
  return new LRUCache({
    maxSize: MAX_SOURCE_LENGTH,
    maxEntrySize: MAX_ENTRY_LENGTH,
    sizeCalculation: (_document, source) => source.length + 1,
  });
}
