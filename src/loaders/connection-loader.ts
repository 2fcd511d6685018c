import DataLoader from 'dataloader';
import { type ConnectionKey, formatConnectionKey } from '../domain/connection-key.js';
import type { ConnectionReading } from '../domain/connection.js';
import type { PlatformClient } from '../platform/client.js';
import type { LookupObserver } from '../platform/observer.js';

/** Default time limit for all lookups of one request, in milliseconds. */
export const DEFAULT_DEADLINE_MS = 8_000;

/** Configures {@link createConnectionLoader}. */
export interface ConnectionLoaderOptions {
  readonly platform: PlatformClient;
  /** Time limit for all lookups of the request, from the start of the first one, in milliseconds. */
  readonly deadlineMs: number;
  /** Aborts when the request's caller no longer waits. */
  readonly signal?: AbortSignal | undefined;
  /** Called at the start of each lookup. Returns its observer. Must not throw. */
  readonly onLookup?: ((key: ConnectionKey) => LookupObserver | undefined) | undefined;
}

/**
 * Loads a connection. A repeated call with the same key returns the same result without another lookup.
 * @param fresh whether to start a new lookup, unless this loader has already started a fresh one
 */
export type ConnectionLoader = (key: ConnectionKey, fresh?: boolean) => Promise<ConnectionReading>;

/**
 * Creates the loader of one request. **One instance per request:** it caches every result, including tokens. A reused
 * instance would return stale tokens, and a shared one would give one caller's tokens to another.
 *
 * The Platform API has no bulk endpoint, so a batch fetches the distinct keys of one tick concurrently. The platform
 * client limits the sockets. Results are aligned with the keys. A failed lookup is an `Error` in its place.
 */
export function createConnectionLoader(options: ConnectionLoaderOptions): ConnectionLoader {
  const { platform, deadlineMs, signal, onLookup } = options;
  let deadline: number | null = null;
  /** By key: true if its lookup must be fresh, false if one that need not be fresh has started. */
  const isFreshBy = new Map<string, boolean>();

  const read = (key: ConnectionKey, timeoutMs: number): Promise<ConnectionReading> => {
    const name = formatConnectionKey(key);
    const isFresh = isFreshBy.get(name) ?? false;
    isFreshBy.set(name, isFresh);
    const lookupObserver = onLookup?.(key);
    try {
      return platform.readConnection(key, { signal, timeoutMs, fresh: isFresh, observer: lookupObserver });
    } catch (error) {
      // A client that throws synchronously must fail one key, not the batch.
      return Promise.reject(error);
    }
  };
  const loader = new DataLoader<ConnectionKey, ConnectionReading, string>(
    // Each key resolves with its own promise, so a slow or failed lookup does not affect the rest of its batch.
    // DataLoader's type allows values only.
    async (keys) => {
      const now = performance.now();
      deadline ??= now + deadlineMs;
      // Rounding hides floating-point error. The first batch gets exactly `deadlineMs`, so its waiters need no timers.
      const timeoutMs = Math.min(deadlineMs, Math.ceil(deadline - now));
      return keys.map((key) => read(key, timeoutMs)) as unknown as ConnectionReading[];
    },
    // By identity, two equal key objects would cause two requests.
    { cacheKeyFn: formatConnectionKey },
  );

  return (key, isFresh = false) => {
    if (isFresh) {
      const name = formatConnectionKey(key);
      // Its lookup has started, and is not fresh.
      if (isFreshBy.get(name) === false) loader.clear(key);
      isFreshBy.set(name, true);
    }
    return loader.load(key);
  };
}
