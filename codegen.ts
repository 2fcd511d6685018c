import type { CodegenConfig } from '@graphql-codegen/cli';

import { printSdl } from './src/server/composition.js';

const config: CodegenConfig = {
  schema: await printSdl(),
  documents: 'test/support/operations.ts',
  emitLegacyCommonJSImports: false,
  generates: {
    'schema.graphql': { plugins: ['schema-ast'] },
    'test/support/__generated__/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false, persistedDocuments: { hashAlgorithm: 'sha256' } },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        scalars: { ID: 'string', URL: 'string' },
        avoidOptionals: { field: true, inputValue: false, object: true, defaultValue: false },
      },
    },
  },
};

export default config;
