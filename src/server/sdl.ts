import { lexicographicSortSchema, printSchema } from 'graphql';

import { createPlatformClient } from '../platform/client.js';
import { createConnectionsSchema } from '../schema/index.js';

/** Prints the schema as SDL, sorted. Nothing in it depends on the configuration. */
export function printSdl(): string {
  const platform = createPlatformClient({ publishableKey: 'unused', secretKey: 'unused' });
  const schema = createConnectionsSchema({ platform, catalog: { slug: 'unused' } });
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
