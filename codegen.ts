import type { CodegenConfig } from '@graphql-codegen/cli';

import { printSdl } from './src/server/graphql/composition.js';

const typescript = {
  useTypeImports: true,
  enumsAsTypes: true,
  scalars: { ID: 'string', URL: 'string' },
  avoidOptionals: { field: true, inputValue: false, object: true, defaultValue: false },
};

const config: CodegenConfig = {
  schema: await printSdl(),
  emitLegacyCommonJSImports: false,
  generates: {
    'schema.graphql': { plugins: ['schema-ast'] },
    'src/client/__generated__/documents.ts': {
      documents: 'src/client/documents.graphql',
      plugins: ['typescript-operations', 'typed-document-node'],
      config: { ...typescript, documentMode: 'string' },
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
