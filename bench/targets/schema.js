// What the targets share, each of which is a benchmark peer of the gateway: the schema they serve, the platform they ask and how they are started.

export const ENDPOINT = '/graphql';

/** The Platform API's root. */
export const PLATFORM_URL = new URL(process.env.PLATFORM_URL ?? 'http://127.0.0.1:4001/api/platform');

export const PLATFORM_HEADERS = {
  accept: 'application/json',
  authorization: `Basic ${Buffer.from('pk_sandbox:sk_sandbox').toString('base64')}`,
};

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

export const toUserKey = ({ userId, connectorSlug }) => ({ ownerKind: 'USER', ownerId: userId, connectorSlug });

/** Where the platform keeps a connection, below its root: also what tells two keys apart. */
export function toPath({ ownerKind, ownerId, connectorSlug }) {
  const owner = encodeURIComponent(ownerId);
  const connector = encodeURIComponent(connectorSlug);
  return ownerKind === 'USER' ? `/connections/${owner}/${connector}` : `/groups/${owner}/connections/${connector}`;
}

/** Makes a `Connection` of the platform's answer, which is null where it knows no such thing. */
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

/** Says that the target answers, and ends it when it is told to. */
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
