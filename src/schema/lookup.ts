import { parseTokenFingerprint } from '../domain/access-token.js';
import { type Connection, deriveConnection } from '../domain/connection.js';
import { type ConnectionKey, parseConnectionKey } from '../domain/connection-key.js';
import { InvalidInputError } from '../domain/invalid-input.js';
import type { CatalogPageUrl } from '../domain/repair-link.js';
import { createConnectionLoader } from '../loaders/connection-loader.js';
import type { PlatformClient } from '../platform/client.js';
import type { Allowance } from './allowance.js';
import { perRequest, requireConnectionsRequest } from './context.js';

interface LookupOptions {
  readonly platform: PlatformClient;
  readonly catalogPageUrl: CatalogPageUrl;
  readonly connectors: ReadonlySet<string> | null;
  readonly allowance: Allowance;
  readonly deadlineMs: number;
}

/** Checks what a field asks for, and gives the function that reads it: once per request, however often it is asked for. */
export type Lookup = (
  context: unknown,
  key: ConnectionKey,
  rejectedTokenFingerprint: string | null | undefined,
) => () => Promise<Connection>;

/**
 * Creates the lookup that every root field uses.
 *
 * The lookup throws {@link InvalidInputError} for arguments that cannot be right, a `LimitError` where they are of one
 * connection too many, and what
 * {@link requireConnectionsRequest} throws for a context that cannot serve.
 */
export function createLookup({ catalogPageUrl, connectors, allowance, ...loading }: LookupOptions): Lookup {
  // It dies with its request, and its tokens with it.
  const loaderOf = perRequest(({ signal, observer }) => createConnectionLoader({ ...loading, signal, observer }));

  return (context, unchecked, rejectedTokenFingerprint) => {
    const request = requireConnectionsRequest(context);
    const key = parseConnectionKey(unchecked);
    if (connectors && !connectors.has(key.connectorSlug)) {
      throw new InvalidInputError('The connector slug is not among the connectors that this gateway serves.');
    }
    allowance.takeConnection(request, key);
    const rejected =
      typeof rejectedTokenFingerprint === 'string' ? parseTokenFingerprint(rejectedTokenFingerprint) : null;
    // A token that was refused a moment ago may be what an earlier question is about to be answered with.
    const fresh = rejected !== null;
    return async () => deriveConnection(key, await loaderOf(request)(key, fresh), catalogPageUrl, rejected);
  };
}
