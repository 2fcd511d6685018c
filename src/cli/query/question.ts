import type { ConnectionKey } from '../../domain/connection-key.js';
import {
  QueryGroupDocument,
  QueryUserDocument,
  type QueryUserQuery,
  type QueryUserQueryVariables,
} from './__generated__/documents.js';

/** A question for one connection. */
export interface Question {
  readonly key: ConnectionKey;
  /** The fingerprint of a token that a third party has rejected. */
  readonly rejected: string | undefined;
  /** Whether to request the access token itself. */
  readonly reveal: boolean;
}

/** The answer of the schema here, or of a gateway. */
export interface QueryAnswer {
  readonly data?: QueryUserQuery | null;
  readonly errors?: readonly QueryError[];
}

/** An error of an answer. */
export interface QueryError {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Says why a gateway gave no valid answer. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
}

/** Converts a question to a GraphQL operation. */
export function toOperation({ key, rejected, reveal }: Question) {
  const { ownerKind, ownerId, connectorSlug } = key;
  return {
    query: (ownerKind === 'USER' ? QueryUserDocument : QueryGroupDocument).toString(),
    variables: { ownerId, connectorSlug, rejected, reveal } satisfies QueryUserQueryVariables,
  };
}
