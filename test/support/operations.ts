import { graphql } from './__generated__/index.js';

graphql(`
  fragment Outcome on Connection {
    state
    authorization {
      status
      platformStatus
      accessToken
      accessTokenFingerprint
      errorCode
    }
    repairLink {
      url
      action
      reason
    }
  }
`);

export const UserConnection = graphql(`
  query UserConnection($userId: ID!, $connectorSlug: String!, $rejectedTokenFingerprint: String) {
    userConnection(
      userId: $userId
      connectorSlug: $connectorSlug
      rejectedTokenFingerprint: $rejectedTokenFingerprint
    ) {
      ...Outcome
    }
  }
`);

export const GroupConnection = graphql(`
  query GroupConnection($groupId: ID!, $connectorSlug: String!, $rejectedTokenFingerprint: String) {
    groupConnection(
      groupId: $groupId
      connectorSlug: $connectorSlug
      rejectedTokenFingerprint: $rejectedTokenFingerprint
    ) {
      ...Outcome
    }
  }
`);

export const Connections = graphql(`
  query Connections($keys: [ConnectionKey!]!) {
    connections(keys: $keys) {
      ownerKind
      ownerId
      connectorSlug
      ...Outcome
    }
  }
`);

export const WholeConnection = graphql(`
  query WholeConnection($userId: ID!, $connectorSlug: String!) {
    userConnection(userId: $userId, connectorSlug: $connectorSlug) {
      id
      ownerKind
      ownerId
      connectorSlug
      platformId
      enabled
      state
      connector {
        slug
        name
        shortDescription
        markUrl
        about
        description
      }
      authorization {
        id
        status
        platformStatus
        displayLabel
        errorCode
        errorMessage
        accessToken
        accessTokenFingerprint
      }
      repairLink {
        url
        action
        reason
      }
    }
  }
`);

export const KeyOnly = graphql(`
  query KeyOnly($userId: ID!, $connectorSlug: String!, $more: Boolean = false) {
    userConnection(userId: $userId, connectorSlug: $connectorSlug) {
      __typename
      id
      ...KeyFields
      ... on Connection {
        ownerId
        state @include(if: $more)
      }
      enabled @skip(if: true)
    }
  }

  fragment KeyFields on Connection {
    ownerKind
    connectorSlug
  }
`);

export const SharedLookups = graphql(`
  query SharedLookups($userId: ID!, $groupId: ID!) {
    mine: userConnection(userId: $userId, connectorSlug: "slack") {
      ...Token
    }
    again: userConnection(userId: $userId, connectorSlug: "slack") {
      state
    }
    ours: groupConnection(groupId: $groupId, connectorSlug: "slack") {
      ...Token
    }
    listed: connections(
      keys: [
        { ownerKind: USER, ownerId: $userId, connectorSlug: "slack" }
        { ownerKind: GROUP, ownerId: $groupId, connectorSlug: "slack" }
        { ownerKind: USER, ownerId: $userId, connectorSlug: "slack" }
      ]
    ) {
      ...Token
    }
  }

  fragment Token on Connection {
    authorization {
      accessToken
    }
  }
`);
