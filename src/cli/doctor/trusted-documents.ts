import { createShape } from '../../schema/shape.js';
import { loadCreateSchema } from '../../server/graphql/composition.js';
import type { ServeConfiguration } from '../../server/config/configuration.js';
import { ManifestError, readManifest } from '../../server/graphql/trusted-documents.js';
import { type Check, failed, ok } from './check.js';

/** Looks whether each trusted document can be executed. */
export function createTrustedDocumentsCheck(path: string, { composition }: ServeConfiguration): Check {
  return {
    id: 'trusted-documents',
    title: 'Trusted documents',
    after: ['packages'],
    run: async () => {
      const schema = createShape(await loadCreateSchema(composition), composition);
      try {
        return ok(`The manifest has ${readManifest(path, schema).size} documents, and each can be executed.`);
      } catch (error) {
        if (!(error instanceof ManifestError)) throw error;
        return failed(error.problems, 'Let codegen write the manifest anew, and look at XKIT_TRUSTED_DOCUMENTS.');
      }
    },
  };
}
