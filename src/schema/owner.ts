import type { OwnerKind } from '../domain/connection-key.js';
import { type Builder, toFieldName } from './builder.js';
import { type ConnectionRef, REJECTED_TOKEN_FINGERPRINT } from './connection.js';
import { CONNECTOR_SLUG } from './connection-key.js';
import type { Reader } from './reader.js';

/** The gateway's types that own connections, such as `{ user: 'User', group: 'Team' }`. */
export interface OwnerTypes {
  readonly user?: string | undefined;
  readonly group?: string | undefined;
}

/** Prefixes against collisions with a gateway's own names. */
export interface Prefixes {
  /** Prefix of all type names except `ownerTypes`, for a gateway that has its own `Connection`. @default '' */
  readonly typePrefix?: string | undefined;
  /**
   * Prefix of the root fields and of the fields that `ownerTypes` get, for a gateway that has its own `connections`.
   * With `xkit`, `userConnection` becomes `xkitUserConnection`. Letters and digits, beginning with a letter.
   * @default ''
   */
  readonly fieldPrefix?: string | undefined;
}

/** Adapts the schema to a gateway with its own types. */
export interface CompositionOptions extends Prefixes {
  /** The gateway's types that get the fields `connection` and `connections`. @default none */
  readonly ownerTypes?: OwnerTypes | undefined;
  /** The `ID` field of those types that holds the owner's id, as provisioned on the platform. @default 'id' */
  readonly keyField?: string | undefined;
}

/** A gateway's type that owns connections. */
export interface OwnerType {
  readonly ownerKind: OwnerKind;
  readonly typeName: string;
  readonly keyField: string;
}

/** The parent value of an owner's fields. The platform may not know this owner. */
export interface Owner {
  readonly ownerKind: OwnerKind;
  readonly ownerId: string;
}

/** Returns whether a text can name a type or field. Names of GraphQL and Federation contain two underscores. */
export function isName(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text) && !text.includes('__');
}

/**
 * Returns whether a text can be the prefix of fields. An underscore could make a name of GraphQL, and the server compiles
 * no document with one in a name.
 */
export function isFieldPrefix(text: unknown): boolean {
  return typeof text === 'string' && /^[A-Za-z][A-Za-z0-9]*$/.test(text);
}

/** Adds a gateway's prefixes to the names in a document that this project has written. */
export function withPrefixes(document: string, { typePrefix = '', fieldPrefix }: Prefixes): string {
  return document
    .replaceAll(/\b(?:userConnection|groupConnection|connections)(?=\()/g, (name) => toFieldName(name, fieldPrefix))
    .replaceAll(/\bon Connection\b/g, `on ${typePrefix}Connection`);
}

/** Returns the owner types. @throws {TypeError} if an owner kind or name is invalid, or a name is used twice */
export function toOwnerTypes(options: CompositionOptions): OwnerType[] {
  const { ownerTypes, keyField = 'id', typePrefix = '', fieldPrefix = '' } = options;
  const { user, group, ...others } = ownerTypes ?? {};
  if (Object.keys(others).length > 0) throw new TypeError('ownerTypes may have only the properties user and group.');
  requireName('keyField', keyField);
  if (typePrefix !== '') requireName('typePrefix', typePrefix);
  if (fieldPrefix !== '' && !isFieldPrefix(fieldPrefix)) {
    throw new TypeError('fieldPrefix must be letters and digits, and begin with a letter.');
  }
  const added = ['connection', 'connections'].map((name) => toFieldName(name, fieldPrefix));
  if (added.includes(keyField)) {
    throw new TypeError(
      `keyField must not be ${added.join(' or ')}: the schema adds fields with these names. See fieldPrefix.`,
    );
  }
  if (user !== undefined && user === group) throw new TypeError('ownerTypes must name two different types.');
  const named = Object.entries({ USER: ['user', user], GROUP: ['group', group] } as const);
  return named.flatMap(([ownerKind, [option, typeName]]) =>
    typeName === undefined
      ? []
      : [{ ownerKind: ownerKind as OwnerKind, typeName: requireName(`ownerTypes.${option}`, typeName), keyField }],
  );
}

function requireName(option: string, name: unknown): string {
  if (typeof name === 'string' && isName(name)) return name;
  throw new TypeError(`${option} must be a GraphQL name: letters, digits and underscores.`);
}

/**
 * Adds a gateway's type, with the fields that return its connections. The type and its key have no description here,
 * because it would replace the gateway's.
 * @throws {TypeError} if another type of this schema has that name
 */
export function addOwner(builder: Builder, type: OwnerType, connection: ConnectionRef, reader: Reader) {
  const { typeName, keyField } = type;
  if (builder.hasType(typeName)) {
    throw new TypeError(`ownerTypes must not name ${typeName}: another type has this name. See typePrefix.`);
  }
  return builder.objectRef<Owner>(typeName).implement({
    fields: (t) => ({
      [keyField]: t.id({ resolve: ({ ownerId }) => ownerId }),
      [builder.fieldName('connection')]: t.field({
        type: connection,
        nullable: true,
        description: "The owner's connection to one connector. Null, with an error, if it cannot be read.",
        args: {
          connectorSlug: t.arg.string({ required: true, description: CONNECTOR_SLUG }),
          rejectedTokenFingerprint: t.arg.string({ description: REJECTED_TOKEN_FINGERPRINT }),
        },
        resolve: (owner, { connectorSlug, rejectedTokenFingerprint }, context, info) =>
          reader.readOne(context, info, { ...owner, connectorSlug }, rejectedTokenFingerprint),
      }),
      [builder.fieldName('connections')]: t.field({
        type: [connection],
        // The list is nullable too: its failure must not fail the gateway's own fields.
        nullable: { list: true, items: true },
        description:
          "The owner's connections to many connectors, in the order of `connectorSlugs`. " +
          'A connection that cannot be read is null, with its own error.',
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

export type OwnerRef = ReturnType<typeof addOwner>;
