/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Identifies one connection by its owner and its connector. */
export type ConnectionKey = {
  /** The connector's slug, such as `slack`: 1 to 64 characters. */
  connectorSlug: string;
  /** Your own id of the user or group, as provisioned on the platform: 1 to 256 characters, always sent as a string. */
  ownerId: string;
  /** Whether `ownerId` identifies a user or a group. */
  ownerKind: OwnerKind;
};

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

export type ConnectionOutcomeFragment = { ownerKind: OwnerKind, ownerId: string, connectorSlug: string, state: ConnectionState, authorization: { accessToken: string | null, accessTokenFingerprint: string | null } | null, repairLink: { url: string, action: RepairAction, reason: TokenUnavailableReason } | null };

export type UserConnectionQueryVariables = Exact<{
  userId: string;
  connectorSlug: string;
  rejectedTokenFingerprint?: string | null | undefined;
}>;


export type UserConnectionQuery = { userConnection: { ownerKind: OwnerKind, ownerId: string, connectorSlug: string, state: ConnectionState, authorization: { accessToken: string | null, accessTokenFingerprint: string | null } | null, repairLink: { url: string, action: RepairAction, reason: TokenUnavailableReason } | null } | null };

export type GroupConnectionQueryVariables = Exact<{
  groupId: string;
  connectorSlug: string;
  rejectedTokenFingerprint?: string | null | undefined;
}>;


export type GroupConnectionQuery = { groupConnection: { ownerKind: OwnerKind, ownerId: string, connectorSlug: string, state: ConnectionState, authorization: { accessToken: string | null, accessTokenFingerprint: string | null } | null, repairLink: { url: string, action: RepairAction, reason: TokenUnavailableReason } | null } | null };

export type ConnectionsQueryVariables = Exact<{
  keys: Array<ConnectionKey> | ConnectionKey;
}>;


export type ConnectionsQuery = { connections: Array<{ ownerKind: OwnerKind, ownerId: string, connectorSlug: string, state: ConnectionState, authorization: { accessToken: string | null, accessTokenFingerprint: string | null } | null, repairLink: { url: string, action: RepairAction, reason: TokenUnavailableReason } | null } | null> };

export type ConnectionStatesQueryVariables = Exact<{
  keys: Array<ConnectionKey> | ConnectionKey;
}>;


export type ConnectionStatesQuery = { connections: Array<{ ownerKind: OwnerKind, ownerId: string, connectorSlug: string, state: ConnectionState, connector: { name: string | null, markUrl: string | null }, repairLink: { url: string, action: RepairAction, reason: TokenUnavailableReason } | null } | null> };

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
export const ConnectionOutcomeFragmentDoc = new TypedDocumentString(`
    fragment ConnectionOutcome on Connection {
  ownerKind
  ownerId
  connectorSlug
  state
  authorization {
    accessToken
    accessTokenFingerprint
  }
  repairLink {
    url
    action
    reason
  }
}
    `, {"fragmentName":"ConnectionOutcome"}) as unknown as TypedDocumentString<ConnectionOutcomeFragment, unknown>;
export const UserConnectionDocument = new TypedDocumentString(`
    query UserConnection($userId: ID!, $connectorSlug: String!, $rejectedTokenFingerprint: String) {
  userConnection(
    userId: $userId
    connectorSlug: $connectorSlug
    rejectedTokenFingerprint: $rejectedTokenFingerprint
  ) {
    ...ConnectionOutcome
  }
}
    fragment ConnectionOutcome on Connection {
  ownerKind
  ownerId
  connectorSlug
  state
  authorization {
    accessToken
    accessTokenFingerprint
  }
  repairLink {
    url
    action
    reason
  }
}`) as unknown as TypedDocumentString<UserConnectionQuery, UserConnectionQueryVariables>;
export const GroupConnectionDocument = new TypedDocumentString(`
    query GroupConnection($groupId: ID!, $connectorSlug: String!, $rejectedTokenFingerprint: String) {
  groupConnection(
    groupId: $groupId
    connectorSlug: $connectorSlug
    rejectedTokenFingerprint: $rejectedTokenFingerprint
  ) {
    ...ConnectionOutcome
  }
}
    fragment ConnectionOutcome on Connection {
  ownerKind
  ownerId
  connectorSlug
  state
  authorization {
    accessToken
    accessTokenFingerprint
  }
  repairLink {
    url
    action
    reason
  }
}`) as unknown as TypedDocumentString<GroupConnectionQuery, GroupConnectionQueryVariables>;
export const ConnectionsDocument = new TypedDocumentString(`
    query Connections($keys: [ConnectionKey!]!) {
  connections(keys: $keys) {
    ...ConnectionOutcome
  }
}
    fragment ConnectionOutcome on Connection {
  ownerKind
  ownerId
  connectorSlug
  state
  authorization {
    accessToken
    accessTokenFingerprint
  }
  repairLink {
    url
    action
    reason
  }
}`) as unknown as TypedDocumentString<ConnectionsQuery, ConnectionsQueryVariables>;
export const ConnectionStatesDocument = new TypedDocumentString(`
    query ConnectionStates($keys: [ConnectionKey!]!) {
  connections(keys: $keys) {
    ownerKind
    ownerId
    connectorSlug
    state
    connector {
      name
      markUrl
    }
    repairLink {
      url
      action
      reason
    }
  }
}
    `) as unknown as TypedDocumentString<ConnectionStatesQuery, ConnectionStatesQueryVariables>;