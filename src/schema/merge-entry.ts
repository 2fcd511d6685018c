import type { OwnerKind } from '../domain/connection-key.js';
import type { Allowance } from './selection.js';
import type { Builder } from './builder.js';
import { requireConnectionsRequest } from './context.js';
import type { OwnerRef, OwnerType } from './owner.js';

/** The root fields that a stitching gateway, and nobody else, asks for the owners of its own types. */
export const MERGE_ENTRIES: Readonly<Record<OwnerKind, string>> = { USER: '_userOwners', GROUP: '_groupOwners' };

/** Says by the directive of graphql-tools which field of an owner the ids are from. */
export const mergeDirective = (keyField: string) => ({ directives: { merge: { keyField } } });

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
      // The list too: what it fails of is not to fail what a gateway asks for beside it.
      nullable: { list: true, items: true },
      extensions: mergeDirective(keyField),
      description: 'For gateways: one owner for each of `ids`, in order, whether the platform knows it or not.',
      args: {
        ids: t.arg({ type: ['ID'], required: { list: true, items: false }, description: 'Ids of owners, in order.' }),
      },
      resolve: (_, { ids }, context, info) => {
        allowance.takeOwners(requireConnectionsRequest(context), info, ids.length);
        return ids.map((ownerId) => (typeof ownerId === 'string' ? { ownerKind, ownerId } : null));
      },
    }),
  );
}
