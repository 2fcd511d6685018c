import SchemaBuilder from '@pothos/core';

import type { ConnectionsContext } from './context.js';

/** Creates a builder without any type; each file of this folder adds its own. */
export function createBuilder() {
  return new SchemaBuilder<{
    Context: Partial<ConnectionsContext>;
    DefaultFieldNullability: false;
    Scalars: { ID: { Input: string; Output: string }; URL: { Input: string; Output: string } };
  }>({ defaultFieldNullability: false });
}

/** What each file of this folder adds its types to. */
export type Builder = ReturnType<typeof createBuilder>;
