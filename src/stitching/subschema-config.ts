import { createMergedTypeResolver } from '@graphql-tools/stitch';
import { filterSchema } from '@graphql-tools/utils';
import { getNamedType, GraphQLError, type GraphQLResolveInfo, type GraphQLSchema } from 'graphql';
import { createConnectionsSchema } from '../schema/index.js';
import { MERGE_ENTRIES, type mergeDirective } from '../schema/merge-entry.js';
import type { CompositionOptions } from '../schema/owner.js';
import { createShape } from '../schema/shape.js';
import { createResponseNameSearch } from './response-name.js';

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
  /** Asks for owners, unless the client's own operation uses the name that the key has. */
  resolve(owner: unknown, context: unknown, info: GraphQLResolveInfo, ...rest: unknown[]): unknown;
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
      .map(({ name, type, extensions }) => {
        const typeName = getNamedType(type).name;
        return [typeName, toOwnerMerge(typeName, name, extensions as EntryExtensions)];
      }),
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

type MergedTypeResolver = NonNullable<ReturnType<typeof createMergedTypeResolver>>;

/**
 * Says how owners are asked for.
 *
 * graphql-tools takes the key out of the gateway's response by its response name. A client's alias of the same name
 * (`id: nick`) would put another field in its place, and the owner would get another person's connections. So the key has
 * an alias of its own, and an operation that uses that alias itself is refused: an error's path may have shown it.
 */
function toOwnerMerge(typeName: string, fieldName: string, { directives }: EntryExtensions): OwnerMerge {
  // Not a secret. It is different for each subschema, so that a gateway in front of another one is not refused.
  const alias = `_${crypto.randomUUID().replaceAll('-', '')}`;
  const usesAlias = createResponseNameSearch(alias);
  const merge = {
    fieldName,
    selectionSet: `{ ${alias}: ${directives.merge.keyField} }`,
    key: (owner: unknown) => (owner as Readonly<Record<string, unknown>>)[alias],
    argsFromKeys: (ids: readonly unknown[]) => ({ ids }),
  };
  const resolveOwner = createMergedTypeResolver(merge, typeName);
  if (!resolveOwner) throw new Error('graphql-tools made no resolver for a type that is merged by keys.');
  return {
    ...merge,
    resolve: (...asked) => {
      const [, , info] = asked;
      if (usesAlias(info)) throw reservedName();
      return resolveOwner(...(asked as Parameters<MergedTypeResolver>));
    },
  };
}

function reservedName(): GraphQLError {
  return new GraphQLError('A response name of this operation is reserved by the gateway. Use another alias.', {
    extensions: { code: 'BAD_USER_INPUT', retryable: false },
  });
}
