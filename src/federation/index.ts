import directives from '@pothos/plugin-directives';
import federation from '@pothos/plugin-federation';
import { type GraphQLFieldResolver, type GraphQLSchema, graphqlSync } from 'graphql';
import { type ConnectionKey, parseConnectionId } from '../domain/connection-key.js';
import { InvalidInputError } from '../domain/invalid-input.js';
import type { Allowance } from '../schema/selection.js';
import { assemble, type ConnectionsSchemaOptions } from '../schema/assemble.js';
import { createBuilder } from '../schema/builder.js';
import { requireConnectionsRequest } from '../schema/context.js';
import { withOneGraphQL } from '../schema/one-graphql.js';
import type { CompositionOptions } from '../schema/owner.js';
import { createShape } from '../schema/shape.js';

/** The first version of the specification with `@authenticated` and `@requiresScopes`. */
const LINK_URL = 'https://specs.apollo.dev/federation/v2.5';

/** Additional options of a subgraph. */
export interface SubgraphOptions {
  /**
   * Whether `accessToken` has `@authenticated` and `@requiresScopes`, so that a router can refuse early. This schema
   * enforces access in any case. Apollo Gateway does not start with these directives.
   * @default true
   */
  readonly scopeDirectives?: boolean | undefined;
}

/** A router's reference to a connection: its id, or its owner and connector. */
type ConnectionReference = { readonly id?: string } & Partial<ConnectionKey>;

/**
 * Creates the schema as a Federation 2 subgraph. `Connection` and the owner types are entities. A connection has two
 * keys: its id, and its owner with its connector.
 * @throws {TypeError} if an option is invalid
 * @example
 * const schema = createConnectionsSubgraph({ platform, catalog, ownerTypes: { user: 'User', group: 'Team' } });
 */
export function createConnectionsSubgraph(options: ConnectionsSchemaOptions & SubgraphOptions): GraphQLSchema {
  const { typePrefix, fieldPrefix, scopeDirectives = true } = options;
  const builder = createBuilder({ typePrefix, fieldPrefix, scopeDirectives, plugins: [directives, federation] });
  const { connection, owners, reader, allowance, guard } = assemble(builder, options);
  const names = new Set([connection.name, ...owners.map(({ type }) => type.typeName)]);
  builder.asEntity(connection, {
    key: [builder.selection<{ id: string }>('id'), builder.selection<ConnectionKey>('ownerKind ownerId connectorSlug')],
    resolveReference: (reference: ConnectionReference, context, info) =>
      reader.readOne(context, info, toConnectionKey(reference)),
  });
  for (const { type, ref } of owners) {
    const { ownerKind, keyField } = type;
    builder.asEntity(ref, {
      // Pothos derives the literal from the type, which cannot contain a name from an option.
      key: builder.selection<Record<string, string>>(keyField as ''),
      resolveReference: (reference) => ({ ownerKind, ownerId: requireId(reference[keyField]) }),
    });
  }
  const schema = withOneGraphQL('@pothos/core or @apollo/subgraph', () =>
    builder.toSubGraphSchema({
      linkUrl: LINK_URL,
      federationDirectives: scopeDirectives ? ['@authenticated', '@key', '@requiresScopes'] : ['@key'],
    }),
  );
  alignEntities(schema, names, allowance);
  return guard(schema);
}

/** Prints the SDL for a supergraph. @throws {TypeError} if a name is not valid in GraphQL, or is used twice */
export function printSubgraphSdl(options: CompositionOptions & SubgraphOptions = {}): string {
  const { scopeDirectives } = options;
  const create = (others: ConnectionsSchemaOptions) => createConnectionsSubgraph({ ...others, scopeDirectives });
  const result = graphqlSync({ schema: createShape(create, options), source: '{ service: _service { sdl } }' });
  const { data } = result as unknown as { readonly data: { readonly service: { readonly sdl: string } } };
  return `${data.service.sdl.trim()}\n`;
}

/**
 * Resolves each reference on its own. The router aligns results by position, and `@apollo/subgraph` fails the whole
 * list if one reference names no type.
 */
function alignEntities(schema: GraphQLSchema, names: ReadonlySet<string>, allowance: Allowance): void {
  const field = schema.getQueryType()?.getFields()['_entities'];
  if (!field?.resolve) throw new Error('The subgraph has no field _entities.');
  const resolveAll: GraphQLFieldResolver<unknown, unknown, { representations: unknown[] }> = field.resolve;
  field.resolve = (source, { representations }: { representations: unknown[] }, context, info) => {
    allowance.takeOwners(requireConnectionsRequest(context), info, representations.length);
    return representations.map(async (representation) => {
      const { __typename } = (representation ?? {}) as { __typename?: unknown };
      if (typeof __typename !== 'string' || !names.has(__typename)) {
        throw new InvalidInputError('The __typename of a representation must be an entity of this subgraph.');
      }
      const [entity] = (await resolveAll(source, { representations: [representation] }, context, info)) as unknown[];
      return entity;
    });
  };
}

function toConnectionKey({ id, ownerKind, ownerId, connectorSlug }: ConnectionReference): ConnectionKey {
  if (id !== undefined) return parseConnectionId(requireId(id));
  // The lookup checks each part.
  return { ownerKind, ownerId, connectorSlug } as ConnectionKey;
}

function requireId(id: unknown): string {
  if (typeof id === 'string') return id;
  throw new InvalidInputError('The id in a representation must be a string.');
}
