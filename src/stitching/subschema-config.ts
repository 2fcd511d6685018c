import { createMergedTypeResolver } from '@graphql-tools/stitch';
import { filterSchema } from '@graphql-tools/utils';
import { getNamedType, GraphQLError, type GraphQLResolveInfo, type GraphQLSchema } from 'graphql';
import { createConnectionsSchema } from '../schema/index.js';
import { MERGE_ENTRIES, type mergeDirective } from '../schema/merge-entry.js';
import type { CompositionOptions } from '../schema/owner.js';
import { createShape } from '../schema/shape.js';
import { createResponseNameSearch } from './response-name.js';

/** A schema in the gateway's process. */
export interface LocalSubschemaOptions {
  readonly executor?: undefined;
  /** From `createConnectionsSchema`, with `ownerTypes` to add connections to the gateway's types. */
  readonly schema: GraphQLSchema;
}

/** A schema that another process serves. The names must match that process. */
export interface RemoteSubschemaOptions<Executor> extends CompositionOptions {
  readonly schema?: undefined;
  /** Sends an operation to that process, with the credentials of the gateway's caller. */
  readonly executor: Executor;
}

/** The used part of the `SubschemaConfig` of `stitchSchemas`. */
export interface ConnectionsSubschema<Executor> {
  readonly schema: GraphQLSchema;
  readonly executor?: Executor;
  batch: boolean;
  transforms: { transformSchema(schema: GraphQLSchema): GraphQLSchema }[];
  /** How the gateway requests owners here, by type name. */
  merge: Record<string, OwnerMerge>;
}

interface OwnerMerge {
  fieldName: string;
  selectionSet: string;
  key(owner: unknown): unknown;
  argsFromKeys(keys: readonly unknown[]): Record<string, unknown>;
  /** Requests the owner. Throws if the client's operation uses the alias of the key. */
  resolve(owner: unknown, context: unknown, info: GraphQLResolveInfo, ...rest: unknown[]): unknown;
}

/**
 * Creates one of the `subschemas` of `stitchSchemas`. The gateway's owner types get `connection` and `connections`. One
 * operation requests all owners of a list, through root fields that are hidden from the gateway's schema.
 * @throws {TypeError} if a name is not valid in GraphQL, or is used twice
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
 * graphql-tools reads the key from the gateway's response by response name. A client's alias of that name (`id: nick`)
 * would replace the key, and the owner would get another person's connections. So the key has its own alias. An
 * operation that uses that alias is refused, because an error's path may have revealed the alias.
 */
function toOwnerMerge(typeName: string, fieldName: string, { directives }: EntryExtensions): OwnerMerge {
  // Not a secret. Unique per subschema, so that a gateway in front of another gateway is not refused.
  const alias = `_${crypto.randomUUID().replaceAll('-', '')}`;
  const usesAlias = createResponseNameSearch(alias);
  const merge = {
    fieldName,
    selectionSet: `{ ${alias}: ${directives.merge.keyField} }`,
    key: (owner: unknown) => (owner as Readonly<Record<string, unknown>>)[alias],
    argsFromKeys: (ids: readonly unknown[]) => ({ ids }),
  };
  const resolveOwner = createMergedTypeResolver(merge, typeName);
  if (!resolveOwner) throw new Error('graphql-tools created no resolver for a type that is merged by keys.');
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
  return new GraphQLError('This operation uses an alias that the gateway reserves. Use another alias.', {
    extensions: { code: 'BAD_USER_INPUT', retryable: false },
  });
}
