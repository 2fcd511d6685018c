import type { GraphQLResolveInfo } from 'graphql';

import type { Connection } from '../domain/connection.js';
import { type ConnectionKey, formatConnectionKey } from '../domain/connection-key.js';
import type { Access, FieldRequest } from './access.js';
import type { Allowance } from './allowance.js';
import { addAuthorization } from './authorization.js';
import type { Builder } from './builder.js';
import { requireConnectionsRequest } from './context.js';
import { addConnectionKey, addOwnerKind } from './connection-key.js';
import { addConnector } from './connector.js';
import type { Lookup } from './lookup.js';
import { addRepairLink } from './repair-link.js';
import { selectsMoreThan } from './selection.js';

/** What the fields of `Connection` are read from; without `connection` where none of them needs the platform. */
interface ConnectionParent {
  readonly key: ConnectionKey;
  readonly connection: Connection | null;
}

const FIELDS_OF_THE_KEY = new Set(['__typename', 'id', 'ownerKind', 'ownerId', 'connectorSlug']);

const OWNER_ID = 'as provisioned on the platform: 1 to 256 characters, always sent as a string.';
const CONNECTOR_SLUG = "The connector's slug, such as `slack`: 1 to 64 characters.";
const REJECTED_TOKEN_FINGERPRINT =
  'The `accessTokenFingerprint` of a token that the third party refused. A newer token comes back as usual; ' +
  'if there is none, the connection is NEEDS_REPAIR with the reason TOKEN_REJECTED.';

/** Adds the type `Connection` and the root fields that give it. */
export function addConnection(builder: Builder, allowance: Allowance, lookup: Lookup, access: Access) {
  const ownerKind = addOwnerKind(builder);
  const connectionKey = addConnectionKey(builder, ownerKind);
  const connection = addConnectionType(builder, ownerKind, access);

  const read = async (
    request: FieldRequest,
    isReadNeeded: boolean,
    rejectedTokenFingerprint?: string | null,
  ): Promise<ConnectionParent> => {
    const { context, key } = request;
    const readKey = lookup(context, key, rejectedTokenFingerprint);
    await access.require(request, 'connections:read');
    return { key, connection: isReadNeeded ? await readKey() : null };
  };

  const readOne = (request: FieldRequest, rejectedTokenFingerprint: string | null | undefined) => {
    const { context, info } = request;
    allowance.takeItems(requireConnectionsRequest(context), info, 1);
    return read(request, needsPlatform(info), rejectedTokenFingerprint);
  };

  builder.queryFields((t) => ({
    userConnection: t.field({
      type: connection,
      nullable: true,
      description: "A user's connection to one connector. Null beside an error where it cannot be told.",
      args: {
        userId: t.arg.id({ required: true, description: `Your own id of the user, ${OWNER_ID}` }),
        connectorSlug: t.arg.string({ required: true, description: CONNECTOR_SLUG }),
        rejectedTokenFingerprint: t.arg.string({ description: REJECTED_TOKEN_FINGERPRINT }),
      },
      resolve: (_, { userId, connectorSlug, rejectedTokenFingerprint }, context, info) =>
        readOne(
          { context, info, key: { ownerKind: 'USER', ownerId: userId, connectorSlug } },
          rejectedTokenFingerprint,
        ),
    }),
    groupConnection: t.field({
      type: connection,
      nullable: true,
      description:
        "The best connection to one connector among a group's users. Its token is one member's own. " +
        'Null beside an error where it cannot be told.',
      args: {
        groupId: t.arg.id({ required: true, description: `Your own id of the group, ${OWNER_ID}` }),
        connectorSlug: t.arg.string({ required: true, description: CONNECTOR_SLUG }),
        rejectedTokenFingerprint: t.arg.string({ description: REJECTED_TOKEN_FINGERPRINT }),
      },
      resolve: (_, { groupId, connectorSlug, rejectedTokenFingerprint }, context, info) =>
        readOne(
          { context, info, key: { ownerKind: 'GROUP', ownerId: groupId, connectorSlug } },
          rejectedTokenFingerprint,
        ),
    }),
    connections: t.field({
      type: [connection],
      nullable: { list: false, items: true },
      description:
        'Many connections at once, in the order of `keys`. Duplicates are fetched once; ' +
        'one that cannot be told is null beside its own error.',
      args: {
        keys: t.arg({
          type: [connectionKey],
          required: true,
          description: 'The connections to read, in order: at most 1,000, duplicates included.',
        }),
      },
      // A rejected item of its own for each failure, never one rejection for the whole list.
      resolve: (_, { keys }, context, info) => {
        allowance.takeItems(requireConnectionsRequest(context), info, keys.length);
        // Once for the list: the selection may be long, and is the same for every item.
        const isReadNeeded = needsPlatform(info);
        return keys.map((key) => read({ context, info, key }, isReadNeeded));
      },
    }),
  }));
}

/** Tells whether a field selects anything that only the platform knows. */
function needsPlatform(info: GraphQLResolveInfo): boolean {
  return selectsMoreThan(FIELDS_OF_THE_KEY, info);
}

function addConnectionType(builder: Builder, ownerKind: ReturnType<typeof addOwnerKind>, access: Access) {
  const state = builder.enumType('ConnectionState', {
    description: 'How a connection stands: what callers branch on.',
    values: {
      ACTIVE: { description: 'There is an access token that can be used now.' },
      NOT_FOUND: { description: 'The platform does not know the owner, or has no such connector.' },
      NOT_ENABLED: { description: 'The owner has not connected the app, or has disconnected it.' },
      PENDING: { description: 'Connecting has begun and is not finished.' },
      NEEDS_REPAIR: { description: 'The app was connected, and a person has to reconnect it.' },
    },
  });
  const connector = addConnector(builder);
  const authorization = addAuthorization(builder, access);
  const repairLink = addRepairLink(builder);

  const connection = builder.objectRef<ConnectionParent>('Connection');
  return connection.implement({
    description: "An owner's connection to one connector: a usable access token, or a link where a person gets one.",
    fields: (t) => ({
      id: t.id({
        description:
          'Names this connection in this API: stable and opaque, made of owner kind, owner id and connector slug.',
        resolve: ({ key }) => toOpaqueId(key),
      }),
      ownerKind: t.field({
        type: ownerKind,
        description: 'Whose connection it is.',
        resolve: ({ key }) => key.ownerKind,
      }),
      ownerId: t.id({ description: 'The id of the user or group, as asked.', resolve: ({ key }) => key.ownerId }),
      connectorSlug: t.string({
        description: "The connector's slug, as asked.",
        resolve: ({ key }) => key.connectorSlug,
      }),
      platformId: t.id({
        nullable: true,
        description: "The platform's own id of the connection; null where nothing was ever connected.",
        resolve: (parent) => loaded(parent).platformId,
      }),
      connector: t.field({
        type: connector,
        description: 'The third-party app.',
        resolve: (parent) => loaded(parent).connector,
      }),
      enabled: t.boolean({
        description: 'Whether the owner has the app connected. Does not say that there is a token: see `state`.',
        resolve: (parent) => loaded(parent).enabled,
      }),
      state: t.field({
        type: state,
        description: 'How the connection stands: what callers branch on.',
        resolve: (parent) => loaded(parent).state,
      }),
      authorization: t.field({
        type: authorization,
        nullable: true,
        description: 'The grant behind the connection; null where there is none.',
        resolve: (parent) => {
          const { key, authorization: grant } = loaded(parent);
          return grant && { ...grant, key };
        },
      }),
      repairLink: t.field({
        type: repairLink,
        nullable: true,
        description: 'Where a person sets up, finishes or repairs the connection. Null exactly when `state` is ACTIVE.',
        resolve: (parent) => loaded(parent).repairLink,
      }),
    }),
  });
}

function loaded({ connection }: ConnectionParent): Connection {
  if (connection === null) throw new Error('A field was resolved that the selection set did not show.');
  return connection;
}

/** Base64url of the key's text: nothing in it invites callers to take it apart, and it can be read back. */
function toOpaqueId(key: ConnectionKey): string {
  return btoa(formatConnectionKey(key)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
