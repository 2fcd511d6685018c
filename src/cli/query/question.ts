import type { ConnectionKey } from '../../domain/connection-key.js';
import { type Prefixes, withPrefixes } from '../../schema/owner.js';
import {
  QueryGroupDocument,
  QueryUserDocument,
  type QueryUserQuery,
  type QueryUserQueryVariables,
} from './__generated__/documents.js';

/** The connection that `query` requests, and what to show of it. */
export interface Question {
  readonly key: ConnectionKey;
  /** The fingerprint of a token that a third party has rejected. */
  readonly rejected: string | undefined;
  /** Whether to request the access token itself. */
  readonly reveal: boolean;
}

/** The response of the local schema or of a gateway. */
export interface QueryAnswer {
  readonly data?: QueryUserQuery | null;
  readonly errors?: readonly QueryError[];
}

/** A GraphQL error of a response. */
export interface QueryError {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Reports why a gateway did not send a valid response. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
}

/** Converts a question to a GraphQL operation for a schema with these prefixes. */
export function toOperation({ key, rejected, reveal }: Question, prefixes: Prefixes = {}) {
  const { ownerKind, ownerId, connectorSlug } = key;
  return {
    query: withPrefixes((ownerKind === 'USER' ? QueryUserDocument : QueryGroupDocument).toString(), prefixes),
    variables: { ownerId, connectorSlug, rejected, reveal } satisfies QueryUserQueryVariables,
  };
}
