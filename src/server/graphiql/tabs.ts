/** A tab of GraphiQL, named by its operation. */
interface Tab {
  readonly query: string;
  readonly variables?: string;
}

/** The first tab of a page over a real platform. */
export const FIRST_TAB: Tab = {
  query: `query UserConnection(
  $userId: ID!
  $connectorSlug: String!
) {
  userConnection(
    userId: $userId
    connectorSlug: $connectorSlug
  ) {
    state
    authorization {
      status
      displayLabel
      errorCode
      accessTokenFingerprint
    }
    repairLink {
      url
      action
      reason
    }
  }
}`,
  variables: `{
  "userId": "",
  "connectorSlug": ""
}`,
};

// The lines are short, because the editor has only half of the page's width.
const DEMO_QUERIES = [
  `# Alice has connected Slack: she has a
# token and no repair link. Run this with
# the button or Ctrl+Enter. With the key
# of the status page, it is FORBIDDEN.
query Connected {
  userConnection(
    userId: "alice"
    connectorSlug: "slack"
  ) {
    state
    authorization {
      status
      displayLabel
      accessToken
      accessTokenFingerprint
    }
    repairLink {
      url
    }
  }
}`,
  `# Alice's access to GitHub was revoked:
# she has a repair link, but no token.
# Run this, open the link above, and
# reconnect GitHub for alice. Then run
# this again: now she has a token.
query Revoked {
  userConnection(
    userId: "alice"
    connectorSlug: "github"
  ) {
    state
    authorization {
      status
      errorCode
      errorMessage
      accessToken
    }
    repairLink {
      url
      action
      reason
    }
  }
}`,
  `# Alice has begun to connect Salesforce,
# but has not finished: the action of the
# repair link is FINISH.
query Pending {
  userConnection(
    userId: "alice"
    connectorSlug: "salesforce"
  ) {
    state
    authorization {
      status
      accessToken
    }
    repairLink {
      url
      action
      reason
    }
  }
}`,
  `# Alice never connected Google Drive.
# Nothing is broken: the action of the
# repair link is SET_UP. Also try the
# userId "zoe", an unknown user.
query NeverEnabled {
  userConnection(
    userId: "alice"
    connectorSlug: "google-drive"
  ) {
    state
    authorization {
      accessToken
    }
    repairLink {
      url
      action
      reason
    }
  }
}`,
  `# A group's token belongs to one of its
# members. Bob's is revoked, so this is
# Carol's. Also try the group
# "broken-inc", or the browser's key.
query Group {
  groupConnection(
    groupId: "acme"
    connectorSlug: "slack"
  ) {
    state
    authorization {
      displayLabel
      accessToken
    }
    repairLink {
      url
      reason
    }
  }
}`,
  `# Many connections, in the order of the
# keys. With the browser's key, alice's
# connection is returned, and each of the
# others has an error.
query ManyAtOnce {
  connections(
    keys: [
      { ownerKind: USER, ownerId: "alice"
        connectorSlug: "slack" }
      { ownerKind: USER, ownerId: "bob"
        connectorSlug: "slack" }
      { ownerKind: USER, ownerId: "dave"
        connectorSlug: "slack" }
      { ownerKind: USER, ownerId: "erin"
        connectorSlug: "github" }
    ]
  ) {
    ownerId
    connectorSlug
    state
    authorization {
      accessToken
    }
    repairLink {
      url
      reason
    }
  }
}`,
  `# One of two connections cannot be read.
# It is null, and has an error with a
# code. The other one is returned.
query OneFails {
  good: userConnection(
    userId: "carol"
    connectorSlug: "slack"
  ) {
    state
  }
  bad: userConnection(
    userId: "carol"
    connectorSlug: ".."
  ) {
    state
  }
}`,
];

/** The first tabs of the page in `dev`. Each tab shows one case of the sandbox's people. */
export const DEMO_TABS: readonly Tab[] = DEMO_QUERIES.map((query) => ({ query }));
