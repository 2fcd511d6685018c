import type { GraphQLSchema } from 'graphql';
import { assemble, type ConnectionsSchemaOptions } from './assemble.js';
import { createBuilder } from './builder.js';
import { addMergeEntry } from './merge-entry.js';

const DESCRIPTION =
  'Whether an app is connected for a user or a group, and then exactly one of a usable access token and a link where a ' +
  'person repairs the connection. A failure of the platform is an error with a code, and neither of both.';

/**
 * Creates the GraphQL schema. It answers any host that executes it with a context from `createConnectionsContext`,
 * and shows nothing of an error but a code out of a closed set and a fixed message.
 *
 * @throws {TypeError} if the catalog cannot be linked to, or another option cannot serve
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
  // Pothos has no option for it.
  return guard(Object.assign(builder.toSchema(), { description: DESCRIPTION }));
}
