import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Source text of parsed documents kept at most, in UTF-16 code units. A document takes about a hundred times its text. */
const MAX_SOURCE_LENGTH = 500_000;
/** A longer document is parsed anew each time: it is no query of an application. */
const MAX_ENTRY_LENGTH = 20_000;

/** Keeps parsed documents, as Yoga asks for them. */
interface DocumentCache {
  get(source: string): DocumentNode | undefined;
  set(source: string, document: DocumentNode): void;
}

/**
 * Creates a cache of parsed documents that hostile ones cannot fill: bounded by length, not by number.
 *
 * A document is kept when it comes for the second time. What comes once, with ids written into it, is by far the most
 * there is: to keep all of that for a while costs the garbage collector as much as to parse it.
 */
export function createDocumentCache(): DocumentCache {
  const options = {
    maxSize: MAX_SOURCE_LENGTH,
    maxEntrySize: MAX_ENTRY_LENGTH,
    sizeCalculation: (_: unknown, source: string) => source.length + 1,
  };
  const cameOnce = new LRUCache<string, true>(options);
  const kept = new LRUCache<string, DocumentNode>(options);
  return {
    get: (source) => kept.get(source),
    set: (source, document) => {
      if (cameOnce.delete(source)) kept.set(source, document);
      else cameOnce.set(source, true);
    },
  };
}
