import type { GraphQLResolveInfo } from 'graphql';

import { type ConnectionKey, formatConnectionKey } from '../domain/connection-key.js';
import { type ConnectionsRequest, perRequest } from './context.js';
import { countFields } from './selection.js';

/** Distinct connections that one operation may ask for, unless configured otherwise. */
export const DEFAULT_MAX_CONNECTIONS = 100;
/** Connections of one operation at most, each as often as it is asked for; and owners. */
const MAX_ITEMS = 1_000;
/** Fields in the answer to one operation at most. */
const MAX_FIELDS = 50_000;

/** Reports that one operation asks for more than it may. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
}

/**
 * What one operation may ask for. It is taken before anything is decided or looked up, so that what is refused counts as
 * well: an answer, and the audit, grow with each.
 */
export interface Allowance {
  /** @throws {LimitError} if a root field of so many items is more than is left */
  takeItems(request: ConnectionsRequest, info: GraphQLResolveInfo, items: number): void;
  /** @throws {LimitError} if a gateway names so many owners more than are left */
  takeOwners(request: ConnectionsRequest, info: GraphQLResolveInfo, owners: number): void;
  /** @throws {LimitError} if this is one distinct connection too many */
  takeConnection(request: ConnectionsRequest, key: ConnectionKey): void;
}

interface Account {
  items: number;
  owners: number;
  fields: number;
  readonly keys: Set<string>;
}

/** Creates what keeps the account of each request. */
export function createAllowance(maxConnections: number): Allowance {
  const accountOf = perRequest((): Account => ({ items: 0, owners: 0, fields: 0, keys: new Set() }));

  return {
    takeItems: (request, info, items) => {
      const account = accountOf(request);
      if (account.items + items > MAX_ITEMS) {
        throw new LimitError(`One operation may ask for at most ${MAX_ITEMS} connections, duplicates included.`);
      }
      takeFields(account, info, items);
      account.items += items;
    },
    takeOwners: (request, info, owners) => {
      const account = accountOf(request);
      if (account.owners + owners > MAX_ITEMS) {
        throw new LimitError(`One operation may name at most ${MAX_ITEMS} owners, duplicates included.`);
      }
      takeFields(account, info, owners);
      account.owners += owners;
    },
    takeConnection: (request, key) => {
      const { keys } = accountOf(request);
      const name = formatConnectionKey(key);
      if (keys.has(name)) return;
      if (keys.size >= maxConnections) {
        throw new LimitError(`One operation may ask for at most ${maxConnections} distinct connections.`);
      }
      keys.add(name);
    },
  };
}

/** Nothing is taken of what is refused: the next field may fit. */
function takeFields(account: Account, info: GraphQLResolveInfo, items: number): void {
  const fields = account.fields + items * countFields(info);
  if (fields > MAX_FIELDS) {
    throw new LimitError(`One operation may ask for at most ${MAX_FIELDS} fields, counted for each connection.`);
  }
  account.fields = fields;
}
