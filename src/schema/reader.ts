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

/** Gives connections to the fields that are of the type `Connection`: counted, allowed, and then looked up. */
export interface Reader {
  readOne(
    context: unknown,
    info: GraphQLResolveInfo,
    key: ConnectionKey,
    rejectedTokenFingerprint?: string | null,
  ): Connection | Promise<Connection>;
  /**
   * Gives an `Error` in the place of each that fails, of which Pothos' types know nothing, and never rejects for one of
   * them. Not a promise for each: a compiled query would lose the places of those that reject.
   */
  readMany(context: unknown, info: GraphQLResolveInfo, keys: readonly ConnectionKey[]): Promise<Connection[]>;
}

const FIELDS_OF_THE_KEY = new Set(['__typename', 'id', 'ownerKind', 'ownerId', 'connectorSlug']);

/**
 * Creates what every field of the type `Connection` is resolved by.
 *
 * @param typeName what that type is called
 */
export function createReader(typeName: string, allowance: Allowance, source: Source, access: Access): Reader {
  /** Tells whether a field selects anything that only the platform knows. */
  const needsPlatform = (info: GraphQLResolveInfo) => selectsMoreThan(FIELDS_OF_THE_KEY, typeName, info);

  // What a request has asked for: an alias of the same finds it there.
  const askedOf = perRequest(() => new Map<string, Connection | Promise<Connection>>());

  const give = ({ request, key }: FieldRequest, isReadNeeded: boolean, rejected: string | null) =>
    isReadNeeded ? source.read(request, key, rejected) : toKeyOnly(key);
  const giveAfter = (wait: Promise<void>, ...given: Parameters<typeof give>) => wait.then(() => give(...given));

  // Not async: each promise of an alias costs as much as all else about it.
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
    // The text of a key has no spaces.
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
      // Once for the list: the selection may be long, and is the same for every item.
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

/** What stands in the place of what was not read: a null would say that there is no authorization, or no need of a repair. */
const NOT_READ = codedError('INTERNAL_SERVER_ERROR', null);

/** Makes a connection of its key alone, where a field selects no more. To ask it for anything else is a bug, and an error. */
function toKeyOnly(key: ConnectionKey): Connection {
  const rest = ['state', 'enabled', 'platformId', 'connector', 'authorization', 'repairLink'].map((name) => [
    name,
    NOT_READ,
  ]);
  return { key, ...Object.fromEntries(rest) } as Connection;
}

/** A list holds its failures as errors: whatever is none would pass for an item. */
function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error('A lookup failed with something that is not an Error.');
}

interface SourceOptions {
  readonly platform: PlatformClient;
  readonly catalogPageUrl: CatalogPageUrl;
  readonly connectors: ReadonlySet<string> | null;
  readonly allowance: Allowance;
  readonly deadlineMs: number;
}

/** What every root field reads connections by. */
export interface Source {
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

/** Creates the source. */
export function createSource(options: SourceOptions): Source {
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
