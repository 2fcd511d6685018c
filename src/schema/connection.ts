import type { Connection } from '../domain/connection.js';
import { formatConnectionId } from '../domain/connection-key.js';
import type { Access } from './access.js';
import { addAuthorization } from './authorization.js';
import type { Builder } from './builder.js';
import { addConnectionKey, CONNECTOR_SLUG, type OwnerKindRef } from './connection-key.js';
import { addConnector } from './connector.js';
import type { Reader } from './reader.js';
import { addRepairLink } from './repair-link.js';
import { addUrl } from './url.js';

const OWNER_ID = 'as provisioned on the platform: 1 to 256 characters, always sent as a string.';
/** Description of the argument `rejectedTokenFingerprint`. */
export const REJECTED_TOKEN_FINGERPRINT =
  'The `accessTokenFingerprint` of a token that the third party rejected. If the platform has a newer token, it is ' +
  'returned as usual. If not, the connection is NEEDS_REPAIR with the reason TOKEN_REJECTED.';

export type ConnectionRef = ReturnType<typeof addConnection>;

/** Adds the root fields that return connections. */
export function addConnectionFields(
  builder: Builder,
  connection: ConnectionRef,
  ownerKind: OwnerKindRef,
  { readOne, readMany }: Reader,
) {
  const connectionKey = addConnectionKey(builder, ownerKind);

  builder.queryFields((t) => ({
    [builder.fieldName('userConnection')]: t.field({
      type: connection,
      nullable: true,
      description: "A user's connection to one connector. Null, with an error, if it cannot be read.",
      args: {
        userId: t.arg.id({ required: true, description: `Your own id of the user, ${OWNER_ID}` }),
        connectorSlug: t.arg.string({ required: true, description: CONNECTOR_SLUG }),
        rejectedTokenFingerprint: t.arg.string({ description: REJECTED_TOKEN_FINGERPRINT }),
      },
      resolve: (_, { userId, connectorSlug, rejectedTokenFingerprint }, context, info) =>
        readOne(context, info, { ownerKind: 'USER', ownerId: userId, connectorSlug }, rejectedTokenFingerprint),
    }),
    [builder.fieldName('groupConnection')]: t.field({
      type: connection,
      nullable: true,
      description:
        "The best connection to one connector among a group's users. Its token belongs to one member. " +
        'Null, with an error, if it cannot be read.',
      args: {
        groupId: t.arg.id({ required: true, description: `Your own id of the group, ${OWNER_ID}` }),
        connectorSlug: t.arg.string({ required: true, description: CONNECTOR_SLUG }),
        rejectedTokenFingerprint: t.arg.string({ description: REJECTED_TOKEN_FINGERPRINT }),
      },
      resolve: (_, { groupId, connectorSlug, rejectedTokenFingerprint }, context, info) =>
        readOne(context, info, { ownerKind: 'GROUP', ownerId: groupId, connectorSlug }, rejectedTokenFingerprint),
    }),
    [builder.fieldName('connections')]: t.field({
      type: [connection],
      nullable: { list: false, items: true },
      description:
        'Many connections, in the order of `keys`. Duplicates are looked up once. ' +
        'A connection that cannot be read is null, with its own error.',
      args: {
        keys: t.arg({
          type: [connectionKey],
          required: true,
          description: 'The connections to read, in order: at most 1,000, duplicates included.',
        }),
      },
      resolve: (_, { keys }, context, info) => readMany(context, info, keys),
    }),
  }));
}

export function addConnection(builder: Builder, ownerKind: OwnerKindRef, access: Access) {
  const state = builder.enumType(builder.typeName('ConnectionState'), {
    description: 'The state of a connection, on which callers branch.',
    values: {
      ACTIVE: { description: 'The connection has a usable access token.' },
      NOT_FOUND: { description: 'The platform does not know the owner, or has no such connector.' },
      NOT_ENABLED: { description: 'The owner has not connected the app, or has disconnected it.' },
      PENDING: { description: 'Connecting the app has begun, but is not finished.' },
      NEEDS_REPAIR: { description: 'The app was connected, but a person must reconnect it.' },
    },
  });
  const url = addUrl(builder);
  const connector = addConnector(builder, url);
  const authorization = addAuthorization(builder, access);
  const repairLink = addRepairLink(builder, url);

  const connection = builder.objectRef<Connection>(builder.typeName('Connection'));
  return connection.implement({
    description: "An owner's connection to one connector, with a usable access token or a repair link.",
    fields: (t) => ({
      id: t.id({
        description:
          'Identifies this connection in this API. Stable, opaque, and made of owner kind, owner id and connector slug.',
        resolve: ({ key }) => formatConnectionId(key),
      }),
      ownerKind: t.field({
        type: ownerKind,
        description: 'Whether the owner is a user or a group.',
        resolve: ({ key }) => key.ownerKind,
      }),
      ownerId: t.id({ description: 'The id of the user or group, as requested.', resolve: ({ key }) => key.ownerId }),
      connectorSlug: t.string({
        description: "The connector's slug, as requested.",
        resolve: ({ key }) => key.connectorSlug,
      }),
      platformId: t.id({
        nullable: true,
        description: "The platform's id of the connection. Null if the app was never connected.",
        resolve: ({ platformId }) => platformId,
      }),
      connector: t.field({
        type: connector,
        description: 'The third-party app.',
        resolve: (parent) => parent.connector,
      }),
      enabled: t.exposeBoolean('enabled', {
        nullable: false,
        description:
          'Whether the owner has connected the app. The connection may still have no usable token: see `state`.',
      }),
      state: t.expose('state', {
        nullable: false,
        type: state,
        description: 'The state of the connection, on which callers branch.',
      }),
      authorization: t.expose('authorization', {
        type: authorization,
        nullable: true,
        description: 'The grant behind the connection. Null if there is none.',
      }),
      repairLink: t.expose('repairLink', {
        type: repairLink,
        nullable: true,
        description:
          'The page where a person sets up, finishes or repairs the connection. Null if and only if `state` is ACTIVE.',
      }),
    }),
  });
}
