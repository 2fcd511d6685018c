import type { CodegenConfig } from '@graphql-codegen/cli';
import { type DocumentNode, Kind, print } from 'graphql';

import { printSdl } from './src/server/graphql/composition.js';

const typescript = {
  useTypeImports: true,
  enumsAsTypes: true,
  scalars: { ID: 'string', URL: 'string' },
  avoidOptionals: { field: true, inputValue: false, object: true, defaultValue: false },
};

/** Writes a part of a syntax tree without its location and its empty lists. */
function toTree(node: unknown): string {
  return JSON.stringify(node, (key, value: unknown) =>
    key === 'loc' || (Array.isArray(value) && value.length === 0) ? undefined : value,
  );
}

/** Writes each document as its text and as its syntax tree, so that no client needs to parse or print it. */
function writeDocuments(documents: readonly DocumentNode[]): string {
  const definitions = documents.flatMap((document) => document.definitions);
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  const trees = fragments.map((fragment) => `const ${fragment.name.value} = ${toTree(fragment)};`);
  const constants = definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION || !definition.name) return [];
    const name = definition.name.value;
    // No fragment spreads another one, so the text of an operation names all that it needs.
    const needed = fragments.filter((fragment) => print(definition).includes(`...${fragment.name.value}\n`));
    const text = print({ kind: Kind.DOCUMENT, definitions: [definition, ...needed] });
    const parts = [toTree(definition), ...needed.map((fragment) => fragment.name.value)];
    const type = `${name}Query, ${name}QueryVariables`;
    return `export const ${name}Document = createDocument<${type}>(\`${text}\`, [${parts.join(', ')}]);`;
  });
  return [...trees, ...constants].join('\n');
}

const config: CodegenConfig = {
  schema: await printSdl(),
  emitLegacyCommonJSImports: false,
  generates: {
    'schema.graphql': { plugins: ['schema-ast'] },
    'src/client/__generated__/documents.ts': {
      documents: 'src/client/documents.graphql',
      plugins: ['typescript-operations'],
      config: typescript,
      preset: {
        buildGeneratesSection: ({ baseOutputDir: filename, plugins, pluginMap, ...options }) => [
          {
            ...options,
            filename,
            plugins: [...plugins, { documents: {} }],
            pluginMap: {
              ...pluginMap,
              documents: {
                plugin: (_schema, files) => ({
                  prepend: ["import { createDocument } from '../document.js';"],
                  content: writeDocuments(files.flatMap(({ document }) => document ?? [])),
                }),
              },
            },
          },
        ],
      },
    },
    'src/cli/query/__generated__/documents.ts': {
      documents: 'src/cli/query/documents.graphql',
      plugins: ['typescript-operations', 'typed-document-node'],
      config: { ...typescript, documentMode: 'string' },
    },
    'test/support/__generated__/': {
      documents: 'test/support/operations.ts',
      preset: 'client',
      presetConfig: { fragmentMasking: false, persistedDocuments: { hashAlgorithm: 'sha256' } },
      config: typescript,
    },
  },
};

export default config;
