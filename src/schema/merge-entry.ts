import type { OwnerKind } from '../domain/connection-key.js';
import type { Allowance } from './allowance.js';
import type { Builder } from './builder.js';
import { requireConnectionsRequest } from './context.js';
import type { OwnerRef, OwnerType } from './owner.js';

/** The root fields that a stitching gateway, and nobody else, asks for the owners of its own types. */
export const MERGE_ENTRIES: Readonly<Record<OwnerKind, string>> = { USER: '_userOwners', GROUP: '_groupOwners' };

/**
 * Adds the root field that gives owners by their ids.
 *
 * A gateway takes what comes back by its place and checks no key: there is one item for each id, in order, null for
 * null, and a failure stays in its place. The directive `@merge` tells the gateway which field the ids are from.
 */
export function addMergeEntry(
  builder: Builder,
  { ownerKind, keyField }: OwnerType,
  owner: OwnerRef,
  allowance: Allowance,
) {
  builder.queryField(MERGE_ENTRIES[ownerKind], (t) =>
    t.field({
      type: [owner],
      nullable: { list: false, items: true },
      extensions: { directives: { merge: { keyField } } },
      description: 'For gateways: one owner for each of `ids`, in order, whether the platform knows it or not.',
      args: {
        ids: t.arg({ type: ['ID'], required: { list: true, items: false }, description: 'Ids of owners, in order.' }),
      },
      resolve: (_, { ids }, context, info) =>
        ids.map(async (ownerId) => {
          if (ownerId === null || ownerId === undefined) return null;
          allowance.takeOwner(requireConnectionsRequest(context), info);
          return { ownerKind, ownerId };
        }),
    }),
  );
}
