import type { GraphQLResolveInfo } from 'graphql';
import { parseTokenFingerprint } from '../domain/access-token.js';
import { type Connection, deriveConnection } from '../domain/connection.js';
import { type ConnectionKey, formatConnectionKey, parseConnectionKey } from '../domain/connection-key.js';
import type { Access, FieldRequest } from './access.js';
import { type Allowance, selectsMoreThan } from './selection.js';
import { type ConnectionsRequest, perRequest, requireConnectionsRequest } from './context.js';
import { codedError } from './firewall.js';
import { InvalidInputError } from '../domain/invalid-input.js';
import type { CatalogPageUrl } from '../domain/repair-link.js';
import { createConnectionLoader } from '../loaders/connection-loader.js';
import type { PlatformClient } from '../platform/client.js';
import { notify } from '../platform/observer.js';

/** Reads connections for all fields of the type `Connection`: counts them, checks access, and looks them up. */
export interface Reader {
  readOne(
    context: unknown,
    info: GraphQLResolveInfo,
    key: ConnectionKey,
    rejectedTokenFingerprint?: string | null,
  ): Connection | Promise<Connection>;
  /**
   * Resolves with an `Error`, which Pothos' types do not express, in place of each failed item. Does not return a
   * promise per item, because a compiled query would lose the positions of rejected promises.
   */
  readMany(context: unknown, info: GraphQLResolveInfo, keys: readonly ConnectionKey[]): Promise<Connection[]>;
}

const FIELDS_OF_THE_KEY = new Set(['__typename', 'id', 'ownerKind', 'ownerId', 'connectorSlug']);

/** Creates the reader. @param typeName the name of the type `Connection`, with its prefix */
export function createReader(typeName: string, allowance: Allowance, source: Source, access: Access): Reader {
  /** Returns whether a field selects anything that only the platform knows. */
  const needsPlatform = (info: GraphQLResolveInfo) => selectsMoreThan(FIELDS_OF_THE_KEY, typeName, info);

  // The results of a request, shared by its aliases.
  const askedOf = perRequest(() => new Map<string, Connection | Promise<Connection>>());

  const give = ({ request, key }: FieldRequest, isReadNeeded: boolean, rejected: string | null) =>
    isReadNeeded ? source.read(request, key, rejected) : toKeyOnly(key);
  const giveAfter = (wait: Promise<void>, ...given: Parameters<typeof give>) => wait.then(() => give(...given));

  // Not async: a promise would double the cost of an alias.
  const read = (
    request: ConnectionsRequest,
    info: GraphQLResolveInfo,
    unchecked: ConnectionKey,
    isReadNeeded: boolean,
    rejectedTokenFingerprint?: string | null,
  ): Connection | Promise<Connection> => {
    const key = parseConnectionKey(unchecked);
    const rejected =
      typeof rejectedTokenFingerprint === 'string' ? parseTokenFingerprint(rejectedTokenFingerprint) : null;
    const known = askedOf(request);
    const text = formatConnectionKey(key);
    // Unambiguous, because the text of a key has no spaces.
    const name = isReadNeeded && rejected === null ? text : `${text} ${isReadNeeded} ${rejected}`;
    const existing = known.get(name);
    if (existing) return existing;
    source.check(request, key);
    const field = { request, key, info };
    const wait = access.require(field, 'connections:read');
    const parent = wait ? giveAfter(wait, field, isReadNeeded, rejected) : give(field, isReadNeeded, rejected);
    known.set(name, parent);
    return parent;
  };

  return {
    readOne: (context, info, key, rejectedTokenFingerprint) => {
      const request = requireConnectionsRequest(context);
      allowance.takeItems(request, info, 1);
      return read(request, info, key, needsPlatform(info), rejectedTokenFingerprint);
    },
    readMany: async (context, info, keys) => {
      const request = requireConnectionsRequest(context);
      allowance.takeItems(request, info, keys.length);
      // Once per list: the selection may be long, and is the same for every item.
      const isReadNeeded = needsPlatform(info);
      const items = keys.map((key) => {
        try {
          const item = read(request, info, key, isReadNeeded);
          return item instanceof Promise ? item.catch(toError) : item;
        } catch (error) {
          return toError(error);
        }
      });
      return Promise.all(items) as Promise<Connection[]>;
    },
  };
}

/** Stands for a value that was not read. Null would mean no authorization, or no need for a repair. */
const NOT_READ = codedError('INTERNAL_SERVER_ERROR', null);

/** Creates a connection from only its key. Reading any other field is a bug, and gives an error. */
function toKeyOnly(key: ConnectionKey): Connection {
  const rest = ['state', 'enabled', 'platformId', 'connector', 'authorization', 'repairLink'].map((name) => [
    name,
    NOT_READ,
  ]);
  return { key, ...Object.fromEntries(rest) } as Connection;
}

/** A list item that is not an `Error` would count as a connection. */
function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error('A lookup failed with a value that is not an Error.');
}

interface SourceOptions {
  readonly platform: PlatformClient;
  readonly catalogPageUrl: CatalogPageUrl;
  readonly connectors: ReadonlySet<string> | null;
  readonly allowance: Allowance;
  readonly deadlineMs: number;
}

/** Reads connections from the platform. */
export interface Source {
  /**
   * Checks whether a connection may be looked up, regardless of the caller.
   * @throws {InvalidInputError} if this gateway does not serve the connector
   * @throws {LimitError} if the operation requests too many connections
   */
  check(request: ConnectionsRequest, key: ConnectionKey): void;
  /** Reads a connection. All reads of one request share a lookup, unless a rejected token requires a fresh one. */
  read(request: ConnectionsRequest, key: ConnectionKey, rejectedTokenFingerprint: string | null): Promise<Connection>;
}

export function createSource(options: SourceOptions): Source {
  const { platform, catalogPageUrl, connectors, allowance, deadlineMs } = options;
  // One loader per request, because it holds tokens.
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
        throw new InvalidInputError('The connector slug is not one that this gateway serves.');
      }
      allowance.takeConnection(request, key);
    },
    read: (request, key, rejectedTokenFingerprint) => {
      // An earlier lookup, even one in flight, may return the rejected token.
      const isFresh = rejectedTokenFingerprint !== null;
      return loaderOf(request)(key, isFresh).then((reading) =>
        deriveConnection(key, reading, catalogPageUrl, rejectedTokenFingerprint),
      );
    },
  };
}
