import type { GraphQLSchema } from 'graphql';
import { assemble, type ConnectionsSchemaOptions } from './assemble.js';
import { createBuilder } from './builder.js';
import { addMergeEntry } from './merge-entry.js';

const DESCRIPTION =
  'Whether an app is connected for a user or a group, and then exactly one of a usable access token and a link where a ' +
  'person repairs the connection. A failure of the platform is an error with a code, and neither of both.';

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
  const builder = createBuilder({ typePrefix: options.typePrefix });
  const { owners, allowance, guard } = assemble(builder, options);
  for (const { type, ref } of owners) addMergeEntry(builder, type, ref, allowance);
  // Pothos has no option for the description.
  return guard(Object.assign(builder.toSchema(), { description: DESCRIPTION }));
}
