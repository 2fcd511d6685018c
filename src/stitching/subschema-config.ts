import { createMergedTypeResolver } from '@graphql-tools/stitch';
import { filterSchema } from '@graphql-tools/utils';
import { getNamedType, GraphQLError, type GraphQLResolveInfo, type GraphQLSchema } from 'graphql';
import { ConnectionsMisuseError } from '../schema/context.js';
import { createConnectionsSchema } from '../schema/index.js';
import { findKeyField } from '../schema/merge-entry.js';
import { withOneGraphQL } from '../schema/one-graphql.js';
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
  /** Sends an operation to that process, with the credentials of the gateway's caller: `createGatewayExecutor`. */
  readonly executor: Executor;
}

/** The used part of the `SubschemaConfig` of `stitchSchemas`. */
export interface ConnectionsSubschema<Executor> {
  readonly schema: GraphQLSchema;
  readonly executor?: Executor;
  batch: boolean;
  transforms: { transformSchema(schema: GraphQLSchema, subschema: TransformedSubschema): GraphQLSchema }[];
  /** How the gateway requests owners here, by type name. */
  merge: Record<string, OwnerMerge>;
}

/** The used part of the `SubschemaConfig` that graphql-tools passes to a transform. */
interface TransformedSubschema {
  readonly transforms?: readonly object[] | undefined;
  readonly merge?: object | undefined;
}

type Transform = { transformSchema?(schema: GraphQLSchema, subschema: TransformedSubschema): GraphQLSchema };

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
 *
 * `stitchSchemas` throws a `ConnectionsMisuseError` if a transform renames an owner type, and if graphql-tools uses
 * another copy of graphql.
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
  const entries = new Set<string>();
  const merge: Record<string, OwnerMerge> = {};
  for (const field of Object.values(schema.getQueryType()?.getFields() ?? {})) {
    const keyField = findKeyField(field);
    if (keyField === undefined) continue;
    entries.add(field.name);
    const typeName = getNamedType(field.type).name;
    merge[typeName] = toOwnerMerge(typeName, field.name, keyField);
  }
  const hideEntries = {
    transformSchema: (whole: GraphQLSchema, subschema: TransformedSubschema) => {
      const visible = withOneGraphQL('graphql-tools', () =>
        filterSchema({ schema: whole, rootFieldFilter: (_, name) => !entries.has(name ?? '') }),
      );
      requireOwnerNames(visible, Object.keys(merge), subschema, hideEntries);
      return visible;
    },
  };
  return {
    schema,
    ...(options.executor !== undefined && { executor: options.executor }),
    batch: true,
    transforms: [hideEntries],
    merge,
  };
}

/**
 * Requires that each owner type has an entry in `merge` under its name after all transforms. Without an entry, the
 * gateway would never request owners of that type here, and their connections would be null without an error.
 * @param done the transform that has returned the schema
 */
function requireOwnerNames(
  schema: GraphQLSchema,
  owners: readonly string[],
  subschema: TransformedSubschema,
  done: object,
): void {
  const { transforms = [], merge = {} } = subschema;
  const later: readonly Transform[] = transforms.slice(transforms.indexOf(done) + 1);
  const transformed = later.reduce((last, transform) => transform.transformSchema?.(last, subschema) ?? last, schema);
  const found = Object.keys(merge).filter((name) => transformed.getType(name));
  if (found.length >= owners.length) return;
  const lost = owners.filter((name) => !found.includes(name));
  throw new ConnectionsMisuseError(
    `A transform of this subschema renames or removes the type ${lost.join(' and ')}, so its connections would be null. ` +
      'Remove that transform, and set ownerTypes to the names that the gateway uses.',
  );
}

type MergedTypeResolver = NonNullable<ReturnType<typeof createMergedTypeResolver>>;

/**
 * graphql-tools reads the key from the gateway's response by response name. A client's alias of that name (`id: nick`)
 * would replace the key, and the owner would get another person's connections. So the key has its own alias. An
 * operation that uses that alias is refused, because an error's path may have revealed the alias.
 */
function toOwnerMerge(typeName: string, fieldName: string, keyField: string): OwnerMerge {
  // Not a secret. Unique per subschema, so that a gateway in front of another gateway is not refused.
  const alias = `_${crypto.randomUUID().replaceAll('-', '')}`;
  const usesAlias = createResponseNameSearch(alias);
  const merge = {
    fieldName,
    selectionSet: `{ ${alias}: ${keyField} }`,
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
