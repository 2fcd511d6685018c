import type { OwnerKind } from '../domain/connection-key.js';
import type { Builder } from './builder.js';
import { type ConnectionRef, REJECTED_TOKEN_FINGERPRINT } from './connection.js';
import { CONNECTOR_SLUG } from './connection-key.js';
import type { Reader } from './reader.js';

/** Names the types of a gateway that are owners of connections, such as `{ user: 'User', group: 'Team' }`. */
export interface OwnerTypes {
  readonly user?: string | undefined;
  readonly group?: string | undefined;
}

/** Fits the schema into a gateway that has types of its own. */
export interface CompositionOptions {
  /**
   * The gateway's own types that get the fields `connection` and `connections`.
   * @default none
   */
  readonly ownerTypes?: OwnerTypes | undefined;
  /**
   * The field of those types, an `ID`, that holds the owner's id as provisioned on the platform.
   * @default 'id'
   */
  readonly keyField?: string | undefined;
  /**
   * What the names of all other types begin with, for a gateway that has a `Connection` of its own.
   * @default nothing
   */
  readonly typePrefix?: string | undefined;
}

/** A type of a gateway's own, as this schema knows it. */
export interface OwnerType {
  readonly ownerKind: OwnerKind;
  readonly typeName: string;
  readonly keyField: string;
}

/** What the fields of an owner are read from. Nobody asked the platform whether there is such an owner. */
export interface Owner {
  readonly ownerKind: OwnerKind;
  readonly ownerId: string;
}

/** Tells whether a text can name a type or a field. Two underscores are in the names of GraphQL itself and of federations. */
export function isName(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text) && !text.includes('__');
}

/**
 * Takes the owner types from the options.
 *
 * @throws {TypeError} if a name is none of GraphQL's, or stands for two things
 */
export function toOwnerTypes({ ownerTypes, keyField = 'id', typePrefix = '' }: CompositionOptions): OwnerType[] {
  const { user, group, ...others } = ownerTypes ?? {};
  if (Object.keys(others).length > 0)
    throw new TypeError('ownerTypes may name the types of user and group, no others.');
  requireName('keyField', keyField);
  if (keyField === 'connection' || keyField === 'connections') {
    throw new TypeError('keyField must not be connection or connections: these are the fields that are added.');
  }
  if (typePrefix !== '') requireName('typePrefix', typePrefix);
  if (user !== undefined && user === group) throw new TypeError('ownerTypes must name two types, not one twice.');
  const named = Object.entries({ USER: ['user', user], GROUP: ['group', group] } as const);
  return named.flatMap(([ownerKind, [option, typeName]]) =>
    typeName === undefined
      ? []
      : [{ ownerKind: ownerKind as OwnerKind, typeName: requireName(`ownerTypes.${option}`, typeName), keyField }],
  );
}

function requireName(option: string, name: unknown): string {
  if (typeof name === 'string' && isName(name)) return name;
  throw new TypeError(`${option} must be a name in GraphQL: letters, digits and underscores.`);
}

/**
 * Adds a type of a gateway's own, with the fields that give its connections. It and its key are described there: a
 * description here would take the place of that one.
 *
 * @throws {TypeError} if a type of this schema has its name
 */
export function addOwner(builder: Builder, type: OwnerType, connection: ConnectionRef, reader: Reader) {
  const { typeName, keyField } = type;
  if (builder.hasType(typeName)) {
    throw new TypeError(`ownerTypes must not name ${typeName}, which is the name of another type: see typePrefix.`);
  }
  return builder.objectRef<Owner>(typeName).implement({
    fields: (t) => ({
      [keyField]: t.id({ resolve: ({ ownerId }) => ownerId }),
      connection: t.field({
        type: connection,
        nullable: true,
        description: "The owner's connection to one connector. Null beside an error where it cannot be told.",
        args: {
          connectorSlug: t.arg.string({ required: true, description: CONNECTOR_SLUG }),
          rejectedTokenFingerprint: t.arg.string({ description: REJECTED_TOKEN_FINGERPRINT }),
        },
        resolve: (owner, { connectorSlug, rejectedTokenFingerprint }, context, info) =>
          reader.readOne(context, info, { ...owner, connectorSlug }, rejectedTokenFingerprint),
      }),
      connections: t.field({
        type: [connection],
        // The list too: whatever goes wrong here must not take the gateway's own fields along.
        nullable: { list: true, items: true },
        description:
          "The owner's connections to many connectors, in the order of `connectorSlugs`. " +
          'One that cannot be told is null beside its own error.',
        args: {
          connectorSlugs: t.arg.stringList({ required: true, description: 'Slugs of the connectors, in order.' }),
        },
        resolve: (owner, { connectorSlugs }, context, info) =>
          reader.readMany(
            context,
            info,
            connectorSlugs.map((connectorSlug) => ({ ...owner, connectorSlug })),
          ),
      }),
    }),
  });
}

/** What stands for a type that {@link addOwner} added. */
export type OwnerRef = ReturnType<typeof addOwner>;
