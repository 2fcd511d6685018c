import directives from '@pothos/plugin-directives';
import federation from '@pothos/plugin-federation';
import { type GraphQLFieldResolver, type GraphQLSchema, graphqlSync } from 'graphql';
import { type ConnectionKey, parseConnectionId } from '../domain/connection-key.js';
import { InvalidInputError } from '../domain/invalid-input.js';
import type { Allowance } from '../schema/selection.js';
import { assemble, type ConnectionsSchemaOptions } from '../schema/assemble.js';
import { createBuilder } from '../schema/builder.js';
import { requireConnectionsRequest } from '../schema/context.js';
import type { CompositionOptions } from '../schema/owner.js';
import { createShape } from '../schema/shape.js';

/** The first version of the specification that has `@authenticated` and `@requiresScopes`. */
const LINK_URL = 'https://specs.apollo.dev/federation/v2.5';

/** Configures the subgraph beside what every schema takes. */
export interface SubgraphOptions {
  /**
   * Whether tokens bear `@authenticated` and `@requiresScopes`, for routers that refuse early what this module refuses
   * in any case. Apollo Gateway does not start with them.
   * @default true
   */
  readonly scopeDirectives?: boolean | undefined;
}

/** What a router sends for a connection: its id, or its owner and connector. */
type ConnectionReference = { readonly id?: string } & Partial<ConnectionKey>;

/**
 * Creates the schema as a subgraph of Federation 2. `Connection` and the owner types are entities: a connection by its
 * id, or by its owner and connector.
 *
 * @throws {TypeError} if the catalog cannot be linked to, or another option cannot serve
 * @example
 * const schema = createConnectionsSubgraph({ platform, catalog, ownerTypes: { user: 'User', group: 'Team' } });
 */
export function createConnectionsSubgraph(options: ConnectionsSchemaOptions & SubgraphOptions): GraphQLSchema {
  const { typePrefix, scopeDirectives = true } = options;
  const builder = createBuilder({ typePrefix, scopeDirectives, plugins: [directives, federation] });
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
      // Pothos takes the text from the type, which knows no name that an option gives.
      key: builder.selection<Record<string, string>>(keyField as ''),
      resolveReference: (reference) => ({ ownerKind, ownerId: requireId(reference[keyField]) }),
    });
  }
  const schema = builder.toSubGraphSchema({
    linkUrl: LINK_URL,
    federationDirectives: scopeDirectives ? ['@authenticated', '@key', '@requiresScopes'] : ['@key'],
  });
  alignEntities(schema, names, allowance);
  return guard(schema);
}

/**
 * Prints the subgraph in SDL, for composing a supergraph.
 *
 * @throws {TypeError} if a name is none of GraphQL's, or stands for two things
 */
export function printSubgraphSdl(options: CompositionOptions & SubgraphOptions = {}): string {
  const { scopeDirectives } = options;
  const create = (others: ConnectionsSchemaOptions) => createConnectionsSubgraph({ ...others, scopeDirectives });
  const result = graphqlSync({ schema: createShape(create, options), source: '{ service: _service { sdl } }' });
  const { data } = result as unknown as { readonly data: { readonly service: { readonly sdl: string } } };
  return `${data.service.sdl.trim()}\n`;
}

/**
 * Resolves each reference by itself. The router takes what comes back by its place, and `@apollo/subgraph` fails the
 * whole list if one reference names no type.
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
        throw new InvalidInputError('A representation must have the name of an entity of this subgraph as __typename.');
      }
      const [entity] = (await resolveAll(source, { representations: [representation] }, context, info)) as unknown[];
      return entity;
    });
  };
}

function toConnectionKey({ id, ownerKind, ownerId, connectorSlug }: ConnectionReference): ConnectionKey {
  if (id !== undefined) return parseConnectionId(requireId(id));
  // Whatever it is that a router sends, the lookup checks each part.
  return { ownerKind, ownerId, connectorSlug } as ConnectionKey;
}

function requireId(id: unknown): string {
  if (typeof id === 'string') return id;
  throw new InvalidInputError('The id in a representation must be a string.');
}
