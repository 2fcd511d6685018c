import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import type { SubgraphOptions } from '../../federation/index.js';
import type { ConnectionsSchemaOptions } from '../../schema/assemble.js';
import { createConnectionsSchema } from '../../schema/index.js';
import { createShape } from '../../schema/shape.js';
import type { Composition } from '../config/configuration.js';
import { requirePackages } from '../config/require-packages.js';

/** Creates the schema of a server, as a subgraph or not. */
export type CreateSchema = (options: ConnectionsSchemaOptions & SubgraphOptions) => GraphQLSchema;

/**
 * Loads the function that creates the schema of a composition.
 *
 * @throws {ConfigurationError} if it needs packages that are not installed
 */
export async function loadCreateSchema({ federation }: Composition): Promise<CreateSchema> {
  if (!federation) return createConnectionsSchema;
  const { createConnectionsSubgraph } = await loadFederation();
  return createConnectionsSubgraph;
}

/**
 * Prints the schema that a server with this composition serves, with the directives for its host gateway.
 *
 * @throws {ConfigurationError} if it needs packages that are not installed
 */
export async function printSdl(composition: Composition = { federation: false }): Promise<string> {
  const { federation, ownerTypes = {} } = composition;
  if (federation) {
    const { printSubgraphSdl } = await loadFederation();
    return printSubgraphSdl(composition);
  }
  if (Object.values(ownerTypes).every((name) => name === undefined))
    return `${printSchema(lexicographicSortSchema(createShape(createConnectionsSchema, composition)))}\n`;
  const { printStitchingSdl } = await requirePackages(
    import('../../stitching/print-sdl.js'),
    'A schema with stitching directives',
    '@graphql-tools/stitching-directives @graphql-tools/utils',
  );
  return printStitchingSdl(composition);
}

function loadFederation() {
  return requirePackages(
    import('../../federation/index.js'),
    'XKIT_FEDERATION',
    '@apollo/subgraph @pothos/plugin-directives @pothos/plugin-federation',
  );
}
