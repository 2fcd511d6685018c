import type { GraphQLSchema } from 'graphql';
import type { ConnectionsSchemaOptions } from './assemble.js';
import type { CompositionOptions } from './owner.js';

/** Creates a schema without a Platform API, to print it or to describe a remote one. */
export function createShape(
  create: (options: ConnectionsSchemaOptions) => GraphQLSchema,
  options: CompositionOptions = {},
): GraphQLSchema {
  const platform = {
    readConnection: () => Promise.reject(new Error('This schema only describes another one, and cannot be executed.')),
    close: () => Promise.resolve(),
  };
  return create({ ...options, platform, catalog: { slug: 'unused' } });
}
