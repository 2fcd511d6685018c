import type { OwnerKind } from '../domain/connection-key.js';
import type { GraphQLField } from 'graphql';
import type { Allowance } from './selection.js';
import type { Builder } from './builder.js';
import { requireConnectionsRequest } from './context.js';
import type { OwnerRef, OwnerType } from './owner.js';

/** The root fields that return owners. Only stitching gateways use them. */
const MERGE_ENTRIES: Readonly<Record<OwnerKind, string>> = { USER: '_userOwners', GROUP: '_groupOwners' };

/** The `@merge` directive of graphql-tools, which names the field that holds an owner's id. */
interface MergeExtensions {
  readonly directives?: { readonly merge?: { readonly keyField: string } };
}

/** Returns the name of the field that holds an owner's id, or undefined if a root field returns no owners. */
export function findKeyField({ extensions }: GraphQLField<unknown, unknown>): string | undefined {
  return (extensions as MergeExtensions).directives?.merge?.keyField;
}

/**
 * Adds the root field that returns owners by id. A gateway aligns the results by position and checks no key. So the
 * list has one item per id, in order: null for null, and an error in the position of a failed owner.
 */
export function addMergeEntry(
  builder: Builder,
  { ownerKind, keyField }: OwnerType,
  owner: OwnerRef,
  allowance: Allowance,
) {
  builder.queryField(builder.fieldName(MERGE_ENTRIES[ownerKind]), (t) =>
    t.field({
      type: [owner],
      // The list is nullable too: its failure must not fail the gateway's other fields.
      nullable: { list: true, items: true },
      extensions: { directives: { merge: { keyField } } } satisfies MergeExtensions,
      description: 'For host gateways: one owner for each of `ids`, in order, even if the platform does not know it.',
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
