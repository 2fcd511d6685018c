import type { ConnectionKey } from '../../domain/connection-key.js';
import {
  QueryGroupDocument,
  QueryUserDocument,
  type QueryUserQuery,
  type QueryUserQueryVariables,
} from './__generated__/documents.js';

/** What to ask for. */
export interface Question {
  readonly key: ConnectionKey;
  /** The fingerprint of a token that a third party has refused. */
  readonly rejected: string | undefined;
  /** Whether the access token itself is wanted. */
  readonly reveal: boolean;
}

/** What is answered, by the schema here or by a gateway. */
export interface QueryAnswer {
  readonly data?: QueryUserQuery | null;
  readonly errors?: readonly QueryError[];
}

/** Why there is no answer, or not all of it. */
export interface QueryError {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Writes a question as a GraphQL operation. */
export function toOperation({ key, rejected, reveal }: Question) {
  const { ownerKind, ownerId, connectorSlug } = key;
  return {
    query: (ownerKind === 'USER' ? QueryUserDocument : QueryGroupDocument).toString(),
    variables: { ownerId, connectorSlug, rejected, reveal } satisfies QueryUserQueryVariables,
  };
}
