import { type Connection, deriveConnection } from '../domain/connection.js';
import type { ConnectionKey } from '../domain/connection-key.js';
import { InvalidInputError } from '../domain/invalid-input.js';
import type { CatalogPageUrl } from '../domain/repair-link.js';
import { createConnectionLoader } from '../loaders/connection-loader.js';
import type { PlatformClient } from '../platform/client.js';
import { notify } from '../platform/notify.js';
import type { Allowance } from './allowance.js';
import { type ConnectionsRequest, perRequest } from './context.js';

interface LookupOptions {
  readonly platform: PlatformClient;
  readonly catalogPageUrl: CatalogPageUrl;
  readonly connectors: ReadonlySet<string> | null;
  readonly allowance: Allowance;
  readonly deadlineMs: number;
}

/** What every root field reads connections by. */
export interface Lookup {
  /**
   * Checks whether a connection may be looked up at all, whoever asks.
   *
   * @throws {InvalidInputError} if this gateway does not serve the connector
   * @throws {LimitError} if it is one connection too many
   */
  check(request: ConnectionsRequest, key: ConnectionKey): void;
  /** Reads a connection: once per request, however often it is asked for. */
  read(request: ConnectionsRequest, key: ConnectionKey, rejectedTokenFingerprint: string | null): Promise<Connection>;
}

/** Creates the lookup. */
export function createLookup(options: LookupOptions): Lookup {
  const { platform, catalogPageUrl, connectors, allowance, deadlineMs } = options;
  // It dies with its request, and its tokens with it.
  const loaderOf = perRequest(({ signal, observer }) =>
    createConnectionLoader({
      platform,
      deadlineMs,
      signal,
      onLookup: (key) => notify(() => observer?.onLookup?.(key)),
    }),
  );

  return {
    check: (request, key) => {
      if (connectors && !connectors.has(key.connectorSlug)) {
        throw new InvalidInputError('The connector slug is not among the connectors that this gateway serves.');
      }
      allowance.takeConnection(request, key);
    },
    read: (request, key, rejectedTokenFingerprint) => {
      // A token that was refused a moment ago may be what an earlier question is about to be answered with.
      const isFresh = rejectedTokenFingerprint !== null;
      return loaderOf(request)(key, isFresh).then((reading) =>
        deriveConnection(key, reading, catalogPageUrl, rejectedTokenFingerprint),
      );
    },
  };
}
