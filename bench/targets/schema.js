// Shared by the targets, which are the benchmark peers of the gateway: the schema that they serve, the platform that
// they query, and their start.

/** The path of GraphQL. */
export const ENDPOINT = '/graphql';

/** Root URL of the Platform API. */
export const PLATFORM_URL = new URL(process.env.PLATFORM_URL ?? 'http://127.0.0.1:4001/api/platform');

/** The headers of each platform request, with the sandbox's credentials. */
export const PLATFORM_HEADERS = {
  accept: 'application/json',
  authorization: `Basic ${Buffer.from('pk_sandbox:sk_sandbox').toString('base64')}`,
};

/** The enums of the schema and their values. */
export const ENUMS = {
  OwnerKind: ['USER', 'GROUP'],
  ConnectionState: ['ACTIVE', 'NOT_FOUND', 'NOT_ENABLED', 'PENDING', 'NEEDS_REPAIR'],
  AuthorizationStatus: ['ACTIVE', 'AWAITING_CALLBACK', 'RETRIEVING_TOKENS', 'ERROR', 'UNKNOWN'],
  RepairAction: ['SET_UP', 'FINISH', 'REPAIR'],
  TokenUnavailableReason: [
    'NOT_FOUND',
    'NOT_ENABLED',
    'AUTHORIZATION_MISSING',
    'AUTHORIZATION_PENDING',
    'AUTHORIZATION_ERROR',
    'TOKEN_MISSING',
    'UNKNOWN_STATUS',
  ],
};

/** The schema in SDL. */
export const typeDefs = /* GraphQL */ `
  type Query {
    userConnection(userId: ID!, connectorSlug: String!): Connection
    connections(keys: [ConnectionKey!]!): [Connection]!
  }

  input ConnectionKey {
    ownerKind: OwnerKind!
    ownerId: ID!
    connectorSlug: String!
  }

  type Connection {
    id: ID!
    ownerKind: OwnerKind!
    ownerId: ID!
    connectorSlug: String!
    enabled: Boolean!
    state: ConnectionState!
    connector: Connector!
    authorization: Authorization
    repairLink: RepairLink
  }

  type Connector {
    slug: String!
    name: String!
  }

  type Authorization {
    id: ID
    status: AuthorizationStatus!
    platformStatus: String!
    displayLabel: String
    errorCode: String
    errorMessage: String
    accessToken: String
  }

  type RepairLink {
    url: String!
    action: RepairAction!
    reason: TokenUnavailableReason!
  }

  ${Object.entries(ENUMS)
    .map(([name, values]) => `enum ${name} { ${values.join(' ')} }`)
    .join('\n  ')}
`;

/** Converts the arguments of `userConnection` to a connection key. */
export const toUserKey = ({ userId, connectorSlug }) => ({ ownerKind: 'USER', ownerId: userId, connectorSlug });

/** Returns the path of a connection below the platform's root. Different keys have different paths. */
export function toPath({ ownerKind, ownerId, connectorSlug }) {
  const owner = encodeURIComponent(ownerId);
  const connector = encodeURIComponent(connectorSlug);
  return ownerKind === 'USER' ? `/connections/${owner}/${connector}` : `/groups/${owner}/connections/${connector}`;
}

/** Converts the platform's response to a `Connection`. The response is null if the owner or connector is unknown. */
export function toConnection(key, answer) {
  const { connection, connector, authorization } = answer ?? {};
  const status = toStatus(authorization?.status);
  const reason = findReason(answer, status);
  const slug = connector?.slug ?? key.connectorSlug;
  return {
    id: `${key.ownerKind}:${key.ownerId}:${key.connectorSlug}`,
    ...key,
    enabled: connection?.enabled === true,
    state: reason === null ? 'ACTIVE' : (STATES[reason] ?? 'NEEDS_REPAIR'),
    connector: { slug, name: connector?.name ?? slug },
    authorization: authorization
      ? {
          id: authorization.id,
          status,
          platformStatus: authorization.status,
          displayLabel: authorization.display_label,
          errorCode: authorization.error_code,
          errorMessage: authorization.error_message,
          accessToken: reason === null ? authorization.access_token : null,
        }
      : null,
    repairLink:
      reason === null
        ? null
        : {
            url: `https://acme.xkit.co/connectors/${encodeURIComponent(slug)}`,
            action: ACTIONS[reason] ?? 'REPAIR',
            reason,
          },
  };
}

/** Prints the URL of a target that listens, and ends the process on SIGTERM. */
export function announce(port) {
  process.once('SIGTERM', () => process.exit(0));
  process.stdout.write(`Listening at http://127.0.0.1:${port}${ENDPOINT}\n`);
}

const STATES = { NOT_FOUND: 'NOT_FOUND', NOT_ENABLED: 'NOT_ENABLED', AUTHORIZATION_PENDING: 'PENDING' };
const ACTIONS = { NOT_FOUND: 'SET_UP', NOT_ENABLED: 'SET_UP', AUTHORIZATION_PENDING: 'FINISH' };

function toStatus(word) {
  const status = String(word).toUpperCase();
  return ENUMS.AuthorizationStatus.includes(status) ? status : 'UNKNOWN';
}

function findReason(answer, status) {
  if (answer === null) return 'NOT_FOUND';
  if (answer.connection.enabled !== true) return 'NOT_ENABLED';
  if (!answer.authorization) return 'AUTHORIZATION_MISSING';
  if (status === 'ACTIVE') return answer.authorization.access_token ? null : 'TOKEN_MISSING';
  if (status === 'ERROR') return 'AUTHORIZATION_ERROR';
  return status === 'UNKNOWN' ? 'UNKNOWN_STATUS' : 'AUTHORIZATION_PENDING';
}
