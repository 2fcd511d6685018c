import type { SubschemaConfig } from '@graphql-tools/delegate';
import { stitchingDirectives } from '@graphql-tools/stitching-directives';
import { type Executor, filterSchema, printSchemaWithDirectives } from '@graphql-tools/utils';
import { type GraphQLSchema, lexicographicSortSchema } from 'graphql';

import { createConnectionsSchema } from '../schema/index.js';
import { MERGE_ENTRIES } from '../schema/merge-entry.js';
import type { CompositionOptions } from '../schema/owner.js';
import { createShape } from '../schema/shape.js';

/** A schema in the gateway's own process. */
export interface LocalSubschemaOptions {
  /** What `createConnectionsSchema` made, with `ownerTypes` if the gateway's types are to get connections. */
  readonly schema: GraphQLSchema;
}

/** A schema that another process serves, with the same names. */
export interface RemoteSubschemaOptions extends CompositionOptions {
  /** Sends an operation there, with the credentials of whoever asked the gateway. */
  readonly executor: Executor;
}

/**
 * Makes what `stitchSchemas` takes as one of its `subschemas`.
 *
 * The gateway's owner types get `connection` and `connections`, and the lookups of all the owners of a list come as
 * one operation. The root fields that give them are not part of the gateway's own schema.
 *
 * @throws {TypeError} if a name is none of GraphQL's, or stands for two things
 * @example
 * const schema = createConnectionsSchema({ platform, catalog, ownerTypes: { user: 'User', group: 'Team' } });
 * const gateway = stitchSchemas({ subschemas: [users, subschemaConfig({ schema })] });
 * // The gateway's context: { ...yourOwn, ...createConnectionsContext({ caller, signal }) }
 */
export function subschemaConfig(options: LocalSubschemaOptions | RemoteSubschemaOptions): SubschemaConfig {
  const { stitchingDirectivesTransformer } = stitchingDirectives();
  const entries = new Set(Object.values(MERGE_ENTRIES));
  return stitchingDirectivesTransformer({
    ...('executor' in options
      ? { schema: createShape(createConnectionsSchema, options), executor: options.executor }
      : { schema: options.schema }),
    batch: true,
    transforms: [
      { transformSchema: (schema) => filterSchema({ schema, rootFieldFilter: (_, name) => !entries.has(name ?? '') }) },
    ],
  });
}

/**
 * Prints the schema in SDL with the stitching directives, for gateways that read it from a file.
 *
 * @throws {TypeError} if a name is none of GraphQL's, or stands for two things
 */
export function printStitchingSdl(options: CompositionOptions): string {
  const schema = lexicographicSortSchema(createShape(createConnectionsSchema, options));
  const { mergeDirectiveTypeDefs } = stitchingDirectives();
  return `${mergeDirectiveTypeDefs}\n\n${printSchemaWithDirectives(schema)}\n`;
}
