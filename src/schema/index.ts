import type { GraphQLSchema } from 'graphql';
import { assemble, type ConnectionsSchemaOptions } from './assemble.js';
import { createBuilder } from './builder.js';
import { addMergeEntry } from './merge-entry.js';
import { withOneGraphQL } from './one-graphql.js';

const DESCRIPTION =
  'Shows whether a user or a group has connected an app. Each connection has exactly one of two: a usable access token, ' +
  'or a link where a person repairs it. If the platform fails, there is an error with a code, and neither of the two.';

/**
 * Creates the GraphQL schema. Execute it with a context from `createConnectionsContext`. Its errors show only a code
 * from a closed set and a fixed message.
 * @throws {TypeError} if an option is invalid
 * @example
 * const schema = createConnectionsSchema({
 *   platform: createPlatformClient({ publishableKey, secretKey }),
 *   catalog: { slug: 'acme' },
 * });
 */
export function createConnectionsSchema(options: ConnectionsSchemaOptions): GraphQLSchema {
  const builder = createBuilder({ typePrefix: options.typePrefix, fieldPrefix: options.fieldPrefix });
  const { owners, allowance, guard } = assemble(builder, options);
  for (const { type, ref } of owners) addMergeEntry(builder, type, ref, allowance);
  // Pothos has no option for the description.
  const schema = withOneGraphQL('@pothos/core', () => builder.toSchema());
  return guard(Object.assign(schema, { description: DESCRIPTION }));
}
