import { type GraphQLResolveInfo, Kind, type OperationDefinitionNode, print } from 'graphql';

import { hashDocument } from '../access/audit.js';

/** Longest operation name that is shown; a GraphQL name has no other bound. */
const MAX_NAME_LENGTH = 128;

/** What is logged of an operation. */
export interface OperationDescription {
  readonly name: string | null;
  readonly documentHash: string;
}

const descriptions = new WeakMap<OperationDefinitionNode, OperationDescription>();

/** Describes an operation by its name and the hash of its document as it was sent. */
export function describeOperation({
  operation,
  fragments,
}: Pick<GraphQLResolveInfo, 'operation' | 'fragments'>): OperationDescription {
  const known = descriptions.get(operation);
  if (known) return known;
  // A gateway that delegates builds its documents as trees, which have no source.
  const text =
    operation.loc?.source.body ??
    print({
      kind: Kind.DOCUMENT,
      definitions: [operation, ...Object.values(fragments).filter((node) => node !== undefined)],
    });
  const description = {
    name: operation.name?.value.slice(0, MAX_NAME_LENGTH) ?? null,
    documentHash: hashDocument(text),
  };
  descriptions.set(operation, description);
  return description;
}
