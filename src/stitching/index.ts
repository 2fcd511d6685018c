import { stitchingDirectives } from '@graphql-tools/stitching-directives';
import { filterSchema, printSchemaWithDirectives } from '@graphql-tools/utils';
import { getNamedType, type GraphQLSchema, lexicographicSortSchema } from 'graphql';

import { createConnectionsSchema } from '../schema/index.js';
import { MERGE_ENTRIES, type mergeDirective } from '../schema/merge-entry.js';
import { type CompositionOptions, toOwnerTypes } from '../schema/owner.js';
import { createShape } from '../schema/shape.js';

/** A schema in the gateway's own process. */
export interface LocalSubschemaOptions {
  readonly executor?: undefined;
  /** What `createConnectionsSchema` made, with `ownerTypes` if the gateway's types are to get connections. */
  readonly schema: GraphQLSchema;
}

/** A schema that another process serves, with the same names. */
export interface RemoteSubschemaOptions<Executor> extends CompositionOptions {
  readonly schema?: undefined;
  /** Sends an operation there, with the credentials of whoever asked the gateway. */
  readonly executor: Executor;
}

/** What `stitchSchemas` takes: its `SubschemaConfig`, as far as it is used here. */
export interface ConnectionsSubschema<Executor> {
  readonly schema: GraphQLSchema;
  readonly executor?: Executor;
  batch: boolean;
  transforms: { transformSchema(schema: GraphQLSchema): GraphQLSchema }[];
  /** How an owner of the gateway's is found here, by the name of its type. */
  merge: Record<string, OwnerMerge>;
}

interface OwnerMerge {
  fieldName: string;
  selectionSet: string;
  key(owner: unknown): unknown;
  argsFromKeys(keys: readonly unknown[]): Record<string, unknown>;
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
export function subschemaConfig<Executor = never>(
  options: LocalSubschemaOptions | RemoteSubschemaOptions<Executor>,
): ConnectionsSubschema<Executor> {
  const schema = options.schema ?? createShape(createConnectionsSchema, options);
  const entries = new Set(Object.values(MERGE_ENTRIES));
  const merge = Object.fromEntries(
    Object.values(schema.getQueryType()?.getFields() ?? {})
      .filter(({ name }) => entries.has(name))
      .map(({ name, type, extensions }) => [
        getNamedType(type).name,
        toOwnerMerge(name, extensions as EntryExtensions),
      ]),
  );
  return {
    schema,
    ...(options.executor !== undefined && { executor: options.executor }),
    batch: true,
    transforms: [
      {
        transformSchema: (whole) =>
          filterSchema({ schema: whole, rootFieldFilter: (_, name) => !entries.has(name ?? '') }),
      },
    ],
    merge,
  };
}

type EntryExtensions = ReturnType<typeof mergeDirective>;

/**
 * Says how owners are asked for. The key comes under a name that no client can know: graphql-tools reads it from the
 * gateway's answer by the name it has there, and an alias of a client's, `id: nick`, would put another field in its place.
 */
function toOwnerMerge(fieldName: string, { directives }: EntryExtensions): OwnerMerge {
  const alias = `_${crypto.randomUUID().replaceAll('-', '')}`;
  return {
    fieldName,
    selectionSet: `{ ${alias}: ${directives.merge.keyField} }`,
    key: (owner) => (owner as Readonly<Record<string, unknown>>)[alias],
    argsFromKeys: (ids) => ({ ids }),
  };
}

/** Two dialects at once: graphql-tools reads `selectionSet`, the composition of Hive Gateway reads `fields`. */
const KEY_DIRECTIVE = 'directive @key(fields: String!, selectionSet: String!) on OBJECT';

/**
 * Prints the schema in SDL with the stitching directives, for gateways that read it from a file: of graphql-tools, or
 * Hive Gateway by `composeSubgraphs` of @graphql-mesh/fusion-composition.
 *
 * @throws {TypeError} if a name is none of GraphQL's, or stands for two things
 */
export function printStitchingSdl(options: CompositionOptions): string {
  const schema = lexicographicSortSchema(createShape(createConnectionsSchema, options));
  for (const { typeName, keyField } of toOwnerTypes(options)) {
    const type = schema.getType(typeName);
    const key = { fields: keyField, selectionSet: `{ ${keyField} }` };
    if (type) type.extensions = { ...type.extensions, directives: { key } };
  }
  const { mergeDirectiveTypeDefs } = stitchingDirectives();
  return `${KEY_DIRECTIVE}\n${mergeDirectiveTypeDefs}\n\n${printSchemaWithDirectives(schema)}\n`;
}
