/* eslint-disable */
import * as types from './graphql.js';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  fragment Outcome on Connection {\n    state\n    authorization {\n      status\n      platformStatus\n      accessToken\n      accessTokenFingerprint\n      errorCode\n    }\n    repairLink {\n      url\n      action\n      reason\n    }\n  }\n": typeof types.OutcomeFragmentDoc,
    "\n  query UserConnection($userId: ID!, $connectorSlug: String!, $rejectedTokenFingerprint: String) {\n    userConnection(\n      userId: $userId\n      connectorSlug: $connectorSlug\n      rejectedTokenFingerprint: $rejectedTokenFingerprint\n    ) {\n      ...Outcome\n    }\n  }\n": typeof types.UserConnectionDocument,
    "\n  query GroupConnection($groupId: ID!, $connectorSlug: String!, $rejectedTokenFingerprint: String) {\n    groupConnection(\n      groupId: $groupId\n      connectorSlug: $connectorSlug\n      rejectedTokenFingerprint: $rejectedTokenFingerprint\n    ) {\n      ...Outcome\n    }\n  }\n": typeof types.GroupConnectionDocument,
    "\n  query Connections($keys: [ConnectionKey!]!) {\n    connections(keys: $keys) {\n      ownerKind\n      ownerId\n      connectorSlug\n      ...Outcome\n    }\n  }\n": typeof types.ConnectionsDocument,
    "\n  query WholeConnection($userId: ID!, $connectorSlug: String!) {\n    userConnection(userId: $userId, connectorSlug: $connectorSlug) {\n      id\n      ownerKind\n      ownerId\n      connectorSlug\n      platformId\n      enabled\n      state\n      connector {\n        slug\n        name\n        shortDescription\n        markUrl\n        about\n        description\n      }\n      authorization {\n        id\n        status\n        platformStatus\n        displayLabel\n        errorCode\n        errorMessage\n        accessToken\n        accessTokenFingerprint\n      }\n      repairLink {\n        url\n        action\n        reason\n      }\n    }\n  }\n": typeof types.WholeConnectionDocument,
    "\n  query KeyOnly($userId: ID!, $connectorSlug: String!, $more: Boolean = false) {\n    userConnection(userId: $userId, connectorSlug: $connectorSlug) {\n      __typename\n      id\n      ...KeyFields\n      ... on Connection {\n        ownerId\n        state @include(if: $more)\n      }\n      enabled @skip(if: true)\n    }\n  }\n\n  fragment KeyFields on Connection {\n    ownerKind\n    connectorSlug\n  }\n": typeof types.KeyOnlyDocument,
    "\n  query SharedLookups($userId: ID!, $groupId: ID!) {\n    mine: userConnection(userId: $userId, connectorSlug: \"slack\") {\n      ...Token\n    }\n    again: userConnection(userId: $userId, connectorSlug: \"slack\") {\n      state\n    }\n    ours: groupConnection(groupId: $groupId, connectorSlug: \"slack\") {\n      ...Token\n    }\n    listed: connections(\n      keys: [\n        { ownerKind: USER, ownerId: $userId, connectorSlug: \"slack\" }\n        { ownerKind: GROUP, ownerId: $groupId, connectorSlug: \"slack\" }\n        { ownerKind: USER, ownerId: $userId, connectorSlug: \"slack\" }\n      ]\n    ) {\n      ...Token\n    }\n  }\n\n  fragment Token on Connection {\n    authorization {\n      accessToken\n    }\n  }\n": typeof types.SharedLookupsDocument,
};
const documents: Documents = {
    "\n  fragment Outcome on Connection {\n    state\n    authorization {\n      status\n      platformStatus\n      accessToken\n      accessTokenFingerprint\n      errorCode\n    }\n    repairLink {\n      url\n      action\n      reason\n    }\n  }\n": types.OutcomeFragmentDoc,
    "\n  query UserConnection($userId: ID!, $connectorSlug: String!, $rejectedTokenFingerprint: String) {\n    userConnection(\n      userId: $userId\n      connectorSlug: $connectorSlug\n      rejectedTokenFingerprint: $rejectedTokenFingerprint\n    ) {\n      ...Outcome\n    }\n  }\n": types.UserConnectionDocument,
    "\n  query GroupConnection($groupId: ID!, $connectorSlug: String!, $rejectedTokenFingerprint: String) {\n    groupConnection(\n      groupId: $groupId\n      connectorSlug: $connectorSlug\n      rejectedTokenFingerprint: $rejectedTokenFingerprint\n    ) {\n      ...Outcome\n    }\n  }\n": types.GroupConnectionDocument,
    "\n  query Connections($keys: [ConnectionKey!]!) {\n    connections(keys: $keys) {\n      ownerKind\n      ownerId\n      connectorSlug\n      ...Outcome\n    }\n  }\n": types.ConnectionsDocument,
    "\n  query WholeConnection($userId: ID!, $connectorSlug: String!) {\n    userConnection(userId: $userId, connectorSlug: $connectorSlug) {\n      id\n      ownerKind\n      ownerId\n      connectorSlug\n      platformId\n      enabled\n      state\n      connector {\n        slug\n        name\n        shortDescription\n        markUrl\n        about\n        description\n      }\n      authorization {\n        id\n        status\n        platformStatus\n        displayLabel\n        errorCode\n        errorMessage\n        accessToken\n        accessTokenFingerprint\n      }\n      repairLink {\n        url\n        action\n        reason\n      }\n    }\n  }\n": types.WholeConnectionDocument,
    "\n  query KeyOnly($userId: ID!, $connectorSlug: String!, $more: Boolean = false) {\n    userConnection(userId: $userId, connectorSlug: $connectorSlug) {\n      __typename\n      id\n      ...KeyFields\n      ... on Connection {\n        ownerId\n        state @include(if: $more)\n      }\n      enabled @skip(if: true)\n    }\n  }\n\n  fragment KeyFields on Connection {\n    ownerKind\n    connectorSlug\n  }\n": types.KeyOnlyDocument,
    "\n  query SharedLookups($userId: ID!, $groupId: ID!) {\n    mine: userConnection(userId: $userId, connectorSlug: \"slack\") {\n      ...Token\n    }\n    again: userConnection(userId: $userId, connectorSlug: \"slack\") {\n      state\n    }\n    ours: groupConnection(groupId: $groupId, connectorSlug: \"slack\") {\n      ...Token\n    }\n    listed: connections(\n      keys: [\n        { ownerKind: USER, ownerId: $userId, connectorSlug: \"slack\" }\n        { ownerKind: GROUP, ownerId: $groupId, connectorSlug: \"slack\" }\n        { ownerKind: USER, ownerId: $userId, connectorSlug: \"slack\" }\n      ]\n    ) {\n      ...Token\n    }\n  }\n\n  fragment Token on Connection {\n    authorization {\n      accessToken\n    }\n  }\n": types.SharedLookupsDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Outcome on Connection {\n    state\n    authorization {\n      status\n      platformStatus\n      accessToken\n      accessTokenFingerprint\n      errorCode\n    }\n    repairLink {\n      url\n      action\n      reason\n    }\n  }\n"): (typeof documents)["\n  fragment Outcome on Connection {\n    state\n    authorization {\n      status\n      platformStatus\n      accessToken\n      accessTokenFingerprint\n      errorCode\n    }\n    repairLink {\n      url\n      action\n      reason\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UserConnection($userId: ID!, $connectorSlug: String!, $rejectedTokenFingerprint: String) {\n    userConnection(\n      userId: $userId\n      connectorSlug: $connectorSlug\n      rejectedTokenFingerprint: $rejectedTokenFingerprint\n    ) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  query UserConnection($userId: ID!, $connectorSlug: String!, $rejectedTokenFingerprint: String) {\n    userConnection(\n      userId: $userId\n      connectorSlug: $connectorSlug\n      rejectedTokenFingerprint: $rejectedTokenFingerprint\n    ) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query GroupConnection($groupId: ID!, $connectorSlug: String!, $rejectedTokenFingerprint: String) {\n    groupConnection(\n      groupId: $groupId\n      connectorSlug: $connectorSlug\n      rejectedTokenFingerprint: $rejectedTokenFingerprint\n    ) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  query GroupConnection($groupId: ID!, $connectorSlug: String!, $rejectedTokenFingerprint: String) {\n    groupConnection(\n      groupId: $groupId\n      connectorSlug: $connectorSlug\n      rejectedTokenFingerprint: $rejectedTokenFingerprint\n    ) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Connections($keys: [ConnectionKey!]!) {\n    connections(keys: $keys) {\n      ownerKind\n      ownerId\n      connectorSlug\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  query Connections($keys: [ConnectionKey!]!) {\n    connections(keys: $keys) {\n      ownerKind\n      ownerId\n      connectorSlug\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WholeConnection($userId: ID!, $connectorSlug: String!) {\n    userConnection(userId: $userId, connectorSlug: $connectorSlug) {\n      id\n      ownerKind\n      ownerId\n      connectorSlug\n      platformId\n      enabled\n      state\n      connector {\n        slug\n        name\n        shortDescription\n        markUrl\n        about\n        description\n      }\n      authorization {\n        id\n        status\n        platformStatus\n        displayLabel\n        errorCode\n        errorMessage\n        accessToken\n        accessTokenFingerprint\n      }\n      repairLink {\n        url\n        action\n        reason\n      }\n    }\n  }\n"): (typeof documents)["\n  query WholeConnection($userId: ID!, $connectorSlug: String!) {\n    userConnection(userId: $userId, connectorSlug: $connectorSlug) {\n      id\n      ownerKind\n      ownerId\n      connectorSlug\n      platformId\n      enabled\n      state\n      connector {\n        slug\n        name\n        shortDescription\n        markUrl\n        about\n        description\n      }\n      authorization {\n        id\n        status\n        platformStatus\n        displayLabel\n        errorCode\n        errorMessage\n        accessToken\n        accessTokenFingerprint\n      }\n      repairLink {\n        url\n        action\n        reason\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query KeyOnly($userId: ID!, $connectorSlug: String!, $more: Boolean = false) {\n    userConnection(userId: $userId, connectorSlug: $connectorSlug) {\n      __typename\n      id\n      ...KeyFields\n      ... on Connection {\n        ownerId\n        state @include(if: $more)\n      }\n      enabled @skip(if: true)\n    }\n  }\n\n  fragment KeyFields on Connection {\n    ownerKind\n    connectorSlug\n  }\n"): (typeof documents)["\n  query KeyOnly($userId: ID!, $connectorSlug: String!, $more: Boolean = false) {\n    userConnection(userId: $userId, connectorSlug: $connectorSlug) {\n      __typename\n      id\n      ...KeyFields\n      ... on Connection {\n        ownerId\n        state @include(if: $more)\n      }\n      enabled @skip(if: true)\n    }\n  }\n\n  fragment KeyFields on Connection {\n    ownerKind\n    connectorSlug\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SharedLookups($userId: ID!, $groupId: ID!) {\n    mine: userConnection(userId: $userId, connectorSlug: \"slack\") {\n      ...Token\n    }\n    again: userConnection(userId: $userId, connectorSlug: \"slack\") {\n      state\n    }\n    ours: groupConnection(groupId: $groupId, connectorSlug: \"slack\") {\n      ...Token\n    }\n    listed: connections(\n      keys: [\n        { ownerKind: USER, ownerId: $userId, connectorSlug: \"slack\" }\n        { ownerKind: GROUP, ownerId: $groupId, connectorSlug: \"slack\" }\n        { ownerKind: USER, ownerId: $userId, connectorSlug: \"slack\" }\n      ]\n    ) {\n      ...Token\n    }\n  }\n\n  fragment Token on Connection {\n    authorization {\n      accessToken\n    }\n  }\n"): (typeof documents)["\n  query SharedLookups($userId: ID!, $groupId: ID!) {\n    mine: userConnection(userId: $userId, connectorSlug: \"slack\") {\n      ...Token\n    }\n    again: userConnection(userId: $userId, connectorSlug: \"slack\") {\n      state\n    }\n    ours: groupConnection(groupId: $groupId, connectorSlug: \"slack\") {\n      ...Token\n    }\n    listed: connections(\n      keys: [\n        { ownerKind: USER, ownerId: $userId, connectorSlug: \"slack\" }\n        { ownerKind: GROUP, ownerId: $groupId, connectorSlug: \"slack\" }\n        { ownerKind: USER, ownerId: $userId, connectorSlug: \"slack\" }\n      ]\n    ) {\n      ...Token\n    }\n  }\n\n  fragment Token on Connection {\n    authorization {\n      accessToken\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;