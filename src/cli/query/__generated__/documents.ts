/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** The status of an authorization. */
export type AuthorizationStatus =
  /** The third party granted access. */
  | 'ACTIVE'
  /** A person has not finished granting access at the third party. */
  | 'AWAITING_CALLBACK'
  /** Granting, refreshing or using the access failed: see `errorCode`. */
  | 'ERROR'
  /** Access is granted, and the platform is fetching the tokens. */
  | 'RETRIEVING_TOKENS'
  /** A status that this version does not know: see `platformStatus`. */
  | 'UNKNOWN';

/** The state of a connection, on which callers branch. */
export type ConnectionState =
  /** The connection has a usable access token. */
  | 'ACTIVE'
  /** The app was connected, but a person must reconnect it. */
  | 'NEEDS_REPAIR'
  /** The owner has not connected the app, or has disconnected it. */
  | 'NOT_ENABLED'
  /** The platform does not know the owner, or has no such connector. */
  | 'NOT_FOUND'
  /** Connecting the app has begun, but is not finished. */
  | 'PENDING';

/** The kind of owner that a connection belongs to. */
export type OwnerKind =
  /** The best connection among a group's users. The platform chooses it. */
  | 'GROUP'
  /** One user's own connection. */
  | 'USER';

/** The action that a person takes on the page of a repair link. */
export type RepairAction =
  /** Finish connecting the app. */
  | 'FINISH'
  /** Reconnect the app. */
  | 'REPAIR'
  /** Connect the app for the first time, or again after disconnecting it. */
  | 'SET_UP';

/** Why a connection has no usable access token. */
export type TokenUnavailableReason =
  /** The authorization failed, expired or was revoked. */
  | 'AUTHORIZATION_ERROR'
  /** The connection is enabled, but has no authorization. */
  | 'AUTHORIZATION_MISSING'
  /** The authorization is not finished. */
  | 'AUTHORIZATION_PENDING'
  /** The owner has not connected the app, or has disconnected it. */
  | 'NOT_ENABLED'
  /** The platform does not know the owner, or has no such connector. */
  | 'NOT_FOUND'
  /** The authorization is active, but has no token that a request header can carry. */
  | 'TOKEN_MISSING'
  /** The only token is the one that the caller reported as rejected. */
  | 'TOKEN_REJECTED'
  /** The authorization has a status that this version does not know. */
  | 'UNKNOWN_STATUS';

export type QueriedConnectionFragment = { connectorSlug: string, ownerKind: OwnerKind, ownerId: string, state: ConnectionState, connector: { name: string | null }, authorization: { status: AuthorizationStatus, platformStatus: string, displayLabel: string | null, errorCode: string | null, errorMessage: string | null, accessToken?: string | null, accessTokenFingerprint: string | null } | null, repairLink: { url: string, action: RepairAction, reason: TokenUnavailableReason } | null };

export type QueryUserQueryVariables = Exact<{
  ownerId: string;
  connectorSlug: string;
  rejected?: string | null | undefined;
  reveal: boolean;
}>;


export type QueryUserQuery = { connection: { connectorSlug: string, ownerKind: OwnerKind, ownerId: string, state: ConnectionState, connector: { name: string | null }, authorization: { status: AuthorizationStatus, platformStatus: string, displayLabel: string | null, errorCode: string | null, errorMessage: string | null, accessToken?: string | null, accessTokenFingerprint: string | null } | null, repairLink: { url: string, action: RepairAction, reason: TokenUnavailableReason } | null } | null };

export type QueryGroupQueryVariables = Exact<{
  ownerId: string;
  connectorSlug: string;
  rejected?: string | null | undefined;
  reveal: boolean;
}>;


export type QueryGroupQuery = { connection: { connectorSlug: string, ownerKind: OwnerKind, ownerId: string, state: ConnectionState, connector: { name: string | null }, authorization: { status: AuthorizationStatus, platformStatus: string, displayLabel: string | null, errorCode: string | null, errorMessage: string | null, accessToken?: string | null, accessTokenFingerprint: string | null } | null, repairLink: { url: string, action: RepairAction, reason: TokenUnavailableReason } | null } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const QueriedConnectionFragmentDoc = new TypedDocumentString(`
    fragment QueriedConnection on Connection {
  connectorSlug
  ownerKind
  ownerId
  state
  connector {
    name
  }
  authorization {
    status
    platformStatus
    displayLabel
    errorCode
    errorMessage
    accessToken @include(if: $reveal)
    accessTokenFingerprint
  }
  repairLink {
    url
    action
    reason
  }
}
    `, {"fragmentName":"QueriedConnection"}) as unknown as TypedDocumentString<QueriedConnectionFragment, unknown>;
export const QueryUserDocument = new TypedDocumentString(`
    query QueryUser($ownerId: ID!, $connectorSlug: String!, $rejected: String, $reveal: Boolean!) {
  connection: userConnection(
    userId: $ownerId
    connectorSlug: $connectorSlug
    rejectedTokenFingerprint: $rejected
  ) {
    ...QueriedConnection
  }
}
    fragment QueriedConnection on Connection {
  connectorSlug
  ownerKind
  ownerId
  state
  connector {
    name
  }
  authorization {
    status
    platformStatus
    displayLabel
    errorCode
    errorMessage
    accessToken @include(if: $reveal)
    accessTokenFingerprint
  }
  repairLink {
    url
    action
    reason
  }
}`) as unknown as TypedDocumentString<QueryUserQuery, QueryUserQueryVariables>;
export const QueryGroupDocument = new TypedDocumentString(`
    query QueryGroup($ownerId: ID!, $connectorSlug: String!, $rejected: String, $reveal: Boolean!) {
  connection: groupConnection(
    groupId: $ownerId
    connectorSlug: $connectorSlug
    rejectedTokenFingerprint: $rejected
  ) {
    ...QueriedConnection
  }
}
    fragment QueriedConnection on Connection {
  connectorSlug
  ownerKind
  ownerId
  state
  connector {
    name
  }
  authorization {
    status
    platformStatus
    displayLabel
    errorCode
    errorMessage
    accessToken @include(if: $reveal)
    accessTokenFingerprint
  }
  repairLink {
    url
    action
    reason
  }
}`) as unknown as TypedDocumentString<QueryGroupQuery, QueryGroupQueryVariables>;