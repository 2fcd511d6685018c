import type { Builder } from './builder.js';

/** Describes the argument of this name. */
export const CONNECTOR_SLUG = "The connector's slug, such as `slack`: 1 to 64 characters.";

/** What stands for the enum `OwnerKind`. */
export type OwnerKindRef = ReturnType<typeof addOwnerKind>;

/** Adds the enum `OwnerKind`. */
export function addOwnerKind(builder: Builder) {
  return builder.enumType(builder.typeName('OwnerKind'), {
    description: 'Whose connection it is.',
    values: {
      USER: { description: "One user's own connection." },
      GROUP: { description: "The best connection among a group's users, as the platform picks it." },
    },
  });
}

/** Adds the input `ConnectionKey`. */
export function addConnectionKey(builder: Builder, ownerKind: OwnerKindRef) {
  return builder.inputType(builder.typeName('ConnectionKey'), {
    description: 'Names one connection: an owner and a connector.',
    fields: (t) => ({
      ownerKind: t.field({
        type: ownerKind,
        required: true,
        description: 'Whether `ownerId` is of a user or a group.',
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
