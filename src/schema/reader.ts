import type { GraphQLResolveInfo } from 'graphql';

import type { Connection } from '../domain/connection.js';
import type { ConnectionKey } from '../domain/connection-key.js';
import type { Access, FieldRequest } from './access.js';
import type { Allowance } from './allowance.js';
import { requireConnectionsRequest } from './context.js';
import type { Lookup } from './lookup.js';
import { selectsMoreThan } from './selection.js';

/** What the fields of `Connection` are read from; without `connection` where none of them needs the platform. */
export interface ConnectionParent {
  readonly key: ConnectionKey;
  readonly connection: Connection | null;
}

/** Gives connections to the fields that are of the type `Connection`: counted, allowed, and then looked up. */
export interface Reader {
  readOne(request: FieldRequest, rejectedTokenFingerprint?: string | null): Promise<ConnectionParent>;
  /** Gives a rejected item of its own for each failure, never one rejection for the whole list. */
  readMany(context: unknown, info: GraphQLResolveInfo, keys: readonly ConnectionKey[]): Promise<ConnectionParent>[];
}

const FIELDS_OF_THE_KEY = new Set(['__typename', 'id', 'ownerKind', 'ownerId', 'connectorSlug']);

/**
 * Creates what every field of the type `Connection` is resolved by.
 *
 * @param typeName what that type is called
 */
export function createReader(typeName: string, allowance: Allowance, lookup: Lookup, access: Access): Reader {
  /** Tells whether a field selects anything that only the platform knows. */
  const needsPlatform = (info: GraphQLResolveInfo) => selectsMoreThan(FIELDS_OF_THE_KEY, typeName, info);

  const read = async (
    request: FieldRequest,
    isReadNeeded: boolean,
    rejectedTokenFingerprint?: string | null,
  ): Promise<ConnectionParent> => {
    const { context, key } = request;
    const readKey = lookup(context, key, rejectedTokenFingerprint);
    await access.require(request, 'connections:read');
    return { key, connection: isReadNeeded ? await readKey() : null };
  };

  return {
    readOne: async (request, rejectedTokenFingerprint) => {
      const { context, info } = request;
      allowance.takeItems(requireConnectionsRequest(context), info, 1);
      return read(request, needsPlatform(info), rejectedTokenFingerprint);
    },
    readMany: (context, info, keys) => {
      allowance.takeItems(requireConnectionsRequest(context), info, keys.length);
      // Once for the list: the selection may be long, and is the same for every item.
      const isReadNeeded = needsPlatform(info);
      return keys.map((key) => read({ context, info, key }, isReadNeeded));
    },
  };
}
