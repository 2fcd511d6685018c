import { setMaxListeners } from 'node:events';
import DataLoader from 'dataloader';
import { type ConnectionKey, formatConnectionKey } from '../domain/connection-key.js';
import type { ConnectionReading } from '../domain/connection.js';
import type { PlatformClient } from '../platform/client.js';
import type { LookupObserver } from '../platform/observer.js';

/** Time for all the lookups of one request, unless configured otherwise, in milliseconds. */
export const DEFAULT_DEADLINE_MS = 8_000;

/** Configures {@link createConnectionLoader}. */
export interface ConnectionLoaderOptions {
  readonly platform: PlatformClient;
  /** Time for all of its lookups, from the first one on, in milliseconds. */
  readonly deadlineMs: number;
  /** Aborts the lookups that nobody waits for any more. */
  readonly signal?: AbortSignal | undefined;
  /** Called when a lookup starts; returns its observer. It must not throw. */
  readonly onLookup?: ((key: ConnectionKey) => LookupObserver | undefined) | undefined;
}

/**
 * Loads a connection; asking again for the same one gives the same answer without another lookup.
 *
 * @param fresh whether an answer to what somebody else asked earlier will not do
 */
export type ConnectionLoader = (key: ConnectionKey, fresh?: boolean) => Promise<ConnectionReading>;

/**
 * Creates the loader of one request.
 *
 * **One instance per request.** It remembers what it loaded, tokens included, for as long as it lives: an instance
 * that outlived its request would hand out stale tokens, and one shared by two callers would hand one's to the other.
 *
 * The Platform API has no bulk endpoint, so a batch is the distinct keys of one tick, fetched at the same time; the
 * platform client bounds how many sockets that takes. The answers are aligned with the keys, a failed one as an
 * `Error` in its place.
 */
export function createConnectionLoader(options: ConnectionLoaderOptions): ConnectionLoader {
  const { platform, deadlineMs, signal, onLookup } = options;
  // Each lookup adds a listener to the signal. Node warns about more than ten.
  if (signal instanceof EventTarget) setMaxListeners(0, signal);
  let deadline: number | null = null;
  /** Whether an earlier answer would not do, by what was asked for. */
  const isFreshBy = new Map<string, boolean>();

  const read = (key: ConnectionKey, timeoutMs: number): Promise<ConnectionReading> => {
    const name = formatConnectionKey(key);
    const isFresh = isFreshBy.get(name) ?? false;
    isFreshBy.set(name, isFresh);
    const lookupObserver = onLookup?.(key);
    try {
      return platform.readConnection(key, { signal, timeoutMs, fresh: isFresh, observer: lookupObserver });
    } catch (error) {
      // A client that throws at once fails one key and not the batch.
      return Promise.reject(error);
    }
  };
  const loader = new DataLoader<ConnectionKey, ConnectionReading, string>(
    // Each key gets a promise of its own, which DataLoader resolves with: one that fails, or takes its time, leaves the
    // others of its batch alone. The type knows of values only.
    async (keys) => {
      const now = performance.now();
      deadline ??= now + deadlineMs;
      // The first batch has all of the time, to the millisecond whatever a sum of fractions gives: it needs no clocks of
      // its own then.
      const timeoutMs = Math.min(deadlineMs, Math.ceil(deadline - now));
      return keys.map((key) => read(key, timeoutMs)) as unknown as ConnectionReading[];
    },
    // Keys compare by their text: two equal objects would be two keys, and two requests.
    { cacheKeyFn: formatConnectionKey },
  );

  return (key, isFresh = false) => {
    if (isFresh) {
      const name = formatConnectionKey(key);
      // It was asked for before anybody said so.
      if (isFreshBy.get(name) === false) loader.clear(key);
      isFreshBy.set(name, true);
    }
    return loader.load(key);
  };
}
