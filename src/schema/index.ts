import type { GraphQLSchema } from 'graphql';

import { assemble, type ConnectionsSchemaOptions } from './assemble.js';
import { createBuilder } from './builder.js';
import { addMergeEntry } from './merge-entry.js';

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
  return guard(builder.toSchema());
}
