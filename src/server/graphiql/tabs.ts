/** A tab of GraphiQL, named by its operation. */
interface Tab {
  readonly query: string;
  readonly variables?: string;
}

/** What a page over a real platform starts with. */
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

// Narrow lines, since the editor has half of the page.
const DEMO_QUERIES = [
  `# Alice is connected to Slack: a token,
# and no repair link. Run it by the
# button or Ctrl+Enter. Then by the key
# of the status page: FORBIDDEN.
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
# no token, but a repair link. Run it,
# open the link that is then above, and
# reconnect GitHub for alice there. Run
# it again, and there is a token.
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
  `# Alice went to Salesforce and is not
# back yet: the repair link is to FINISH
# what she began.
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
# Nothing is broken: the repair link is
# to SET_UP. Try also "nobody" as
# userId, whom the platform lacks.
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
  `# A group's token is one of its
# members': Bob's is revoked, so this is
# Carol's. Try also "broken-inc", or the
# key of the browser.
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
  `# Many at once, answered in the order of
# the keys. By the key of the browser:
# what is of alice, and an error for
# each of the others.
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
  `# One of two cannot be answered: it is
# null beside an error with a code, and
# the other one stands.
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

/** What the page of `dev` starts with: the sandbox's people, one case in each tab. */
export const DEMO_TABS: readonly Tab[] = DEMO_QUERIES.map((query) => ({ query }));
