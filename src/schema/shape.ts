import type { GraphQLSchema } from 'graphql';
import type { ConnectionsSchemaOptions } from './assemble.js';
import type { CompositionOptions } from './owner.js';

/** Makes a schema that has nothing behind it: to print it, or to describe one that is elsewhere. */
export function createShape(
  create: (options: ConnectionsSchemaOptions) => GraphQLSchema,
  options: CompositionOptions = {},
): GraphQLSchema {
  const { ownerTypes, keyField, typePrefix } = options;
  const platform = {
    readConnection: () => Promise.reject(new Error('A schema was executed that only describes another one.')),
    close: () => Promise.resolve(),
  };
  return create({ ownerTypes, keyField, typePrefix, platform, catalog: { slug: 'unused' } });
}
