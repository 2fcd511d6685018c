/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import { createDocument } from '../document.js';
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

const ConnectionOutcome = {"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConnectionOutcome"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Connection"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ownerKind"}},{"kind":"Field","name":{"kind":"Name","value":"ownerId"}},{"kind":"Field","name":{"kind":"Name","value":"connectorSlug"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"authorization"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accessToken"}},{"kind":"Field","name":{"kind":"Name","value":"accessTokenFingerprint"}}]}},{"kind":"Field","name":{"kind":"Name","value":"repairLink"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}};
export const UserConnectionDocument = createDocument<UserConnectionQuery, UserConnectionQueryVariables>(`query UserConnection($userId: ID!, $connectorSlug: String!, $rejectedTokenFingerprint: String) {
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
}`, [{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"UserConnection"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"userId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"connectorSlug"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"rejectedTokenFingerprint"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userConnection"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"userId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"userId"}}},{"kind":"Argument","name":{"kind":"Name","value":"connectorSlug"},"value":{"kind":"Variable","name":{"kind":"Name","value":"connectorSlug"}}},{"kind":"Argument","name":{"kind":"Name","value":"rejectedTokenFingerprint"},"value":{"kind":"Variable","name":{"kind":"Name","value":"rejectedTokenFingerprint"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConnectionOutcome"}}]}}]}}, ConnectionOutcome]);
export const GroupConnectionDocument = createDocument<GroupConnectionQuery, GroupConnectionQueryVariables>(`query GroupConnection($groupId: ID!, $connectorSlug: String!, $rejectedTokenFingerprint: String) {
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
}`, [{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"GroupConnection"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"groupId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"connectorSlug"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"rejectedTokenFingerprint"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"groupConnection"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"groupId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"groupId"}}},{"kind":"Argument","name":{"kind":"Name","value":"connectorSlug"},"value":{"kind":"Variable","name":{"kind":"Name","value":"connectorSlug"}}},{"kind":"Argument","name":{"kind":"Name","value":"rejectedTokenFingerprint"},"value":{"kind":"Variable","name":{"kind":"Name","value":"rejectedTokenFingerprint"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConnectionOutcome"}}]}}]}}, ConnectionOutcome]);
export const ConnectionsDocument = createDocument<ConnectionsQuery, ConnectionsQueryVariables>(`query Connections($keys: [ConnectionKey!]!) {
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
}`, [{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Connections"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"keys"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ConnectionKey"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"connections"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"keys"},"value":{"kind":"Variable","name":{"kind":"Name","value":"keys"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConnectionOutcome"}}]}}]}}, ConnectionOutcome]);
export const ConnectionStatesDocument = createDocument<ConnectionStatesQuery, ConnectionStatesQueryVariables>(`query ConnectionStates($keys: [ConnectionKey!]!) {
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
}`, [{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConnectionStates"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"keys"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ConnectionKey"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"connections"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"keys"},"value":{"kind":"Variable","name":{"kind":"Name","value":"keys"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ownerKind"}},{"kind":"Field","name":{"kind":"Name","value":"ownerId"}},{"kind":"Field","name":{"kind":"Name","value":"connectorSlug"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"connector"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"markUrl"}}]}},{"kind":"Field","name":{"kind":"Name","value":"repairLink"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}}]}}]);