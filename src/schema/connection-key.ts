import type { Builder } from './builder.js';
import {
  GraphQLError,
  GraphQLID,
  GraphQLList,
  GraphQLNonNull,
  GraphQLScalarType,
  type GraphQLSchema,
  type GraphQLType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** Description of the argument `connectorSlug`. */
export const CONNECTOR_SLUG = "The connector's slug, such as `slack`: 1 to 64 characters.";

export type OwnerKindRef = ReturnType<typeof addOwnerKind>;

export function addOwnerKind(builder: Builder) {
  return builder.enumType(builder.typeName('OwnerKind'), {
    description: 'The kind of owner that a connection belongs to.',
    values: {
      USER: { description: "One user's own connection." },
      GROUP: { description: "The best connection among a group's users. The platform chooses it." },
    },
  });
}

export function addConnectionKey(builder: Builder, ownerKind: OwnerKindRef) {
  return builder.inputType(builder.typeName('ConnectionKey'), {
    description: 'Identifies one connection by its owner and its connector.',
    fields: (t) => ({
      ownerKind: t.field({
        type: ownerKind,
        required: true,
        description: 'Whether `ownerId` identifies a user or a group.',
      }),
      ownerId: t.id({
        required: true,
        description:
          'Your own id of the user or group, as provisioned on the platform: 1 to 256 characters, always sent as a string.',
      }),
      connectorSlug: t.string({ required: true, description: CONNECTOR_SLUG }),
    }),
  });
}

/**
 * The scalar `ID` of this schema. A variable must be a string or a safe integer. Other values fail with
 * `BAD_USER_INPUT`. GraphQL's own `ID` also accepts larger numbers, which the JSON parser has already rounded, so they
 * would identify another owner. An integer literal in a document is exact at any length.
 *
 * A gateway that stitches this schema reads variables with its own `ID`. Replace it as in the example.
 * @example
 * const gateway = stitchSchemas({ subschemas: [users, subschemaConfig({ schema })], resolvers: { ID: StrictID } });
 */
export const StrictID: GraphQLScalarType<string, string> = new GraphQLScalarType<string, string>({
  ...GraphQLID.toConfig(),
  parseValue: (value) => {
    if (typeof value === 'string') return value;
    if (Number.isSafeInteger(value)) return String(value);
    throw new GraphQLError('Send an ID as a string. JSON parsers round a number beyond 2^53 - 1.', {
      extensions: { code: 'BAD_USER_INPUT', retryable: false },
    });
  },
});

/** Replaces GraphQL's own `ID`, which Pothos always uses, throughout a schema. */
export function useStrictID(schema: GraphQLSchema): void {
  const types = schema.getTypeMap();
  types[StrictID.name] = StrictID;
  for (const type of Object.values(types)) {
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) field.type = toStrict(field.type);
    } else if (isObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        field.type = toStrict(field.type);
        for (const argument of field.args) argument.type = toStrict(argument.type);
      }
    }
  }
}

function toStrict<Type extends GraphQLType>(type: Type): Type;
function toStrict(type: GraphQLType): GraphQLType {
  if (isNonNullType(type)) return new GraphQLNonNull(toStrict(type.ofType));
  if (isListType(type)) return new GraphQLList(toStrict(type.ofType));
  return type.name === StrictID.name ? StrictID : type;
}
