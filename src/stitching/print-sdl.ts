import { stitchingDirectives } from '@graphql-tools/stitching-directives';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { lexicographicSortSchema } from 'graphql';
import { createConnectionsSchema } from '../schema/index.js';
import { withOneGraphQL } from '../schema/one-graphql.js';
import { type CompositionOptions, toOwnerTypes } from '../schema/owner.js';
import { createShape } from '../schema/shape.js';

/** Two dialects: graphql-tools reads `selectionSet`, and the composition of Hive Gateway reads `fields`. */
const KEY_DIRECTIVE = 'directive @key(fields: String!, selectionSet: String!) on OBJECT';

/**
 * Prints the SDL with the stitching directives, for gateways that read it from a file: graphql-tools, or Hive Gateway
 * with `composeSubgraphs` of `@graphql-mesh/fusion-composition`.
 * @throws {TypeError} if a name is not valid in GraphQL, or is used twice
 */
export function printStitchingSdl(options: CompositionOptions): string {
  const schema = lexicographicSortSchema(createShape(createConnectionsSchema, options));
  for (const { typeName, keyField } of toOwnerTypes(options)) {
    const type = schema.getType(typeName);
    const key = { fields: keyField, selectionSet: `{ ${keyField} }` };
    if (type) type.extensions = { ...type.extensions, directives: { key } };
  }
  const { mergeDirectiveTypeDefs } = stitchingDirectives();
  const sdl = withOneGraphQL('@graphql-tools/utils', () => printSchemaWithDirectives(schema));
  return `${KEY_DIRECTIVE}\n${mergeDirectiveTypeDefs}\n\n${sdl}\n`;
}
