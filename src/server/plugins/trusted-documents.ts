import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations';
import type { Plugin } from 'graphql-yoga';

import { findDocumentId, findTrustedText, type TrustedDocuments } from '../documents/trusted-documents.js';

/** Executes trusted documents by their id; where they are required, nothing else. */
export function useTrustedDocuments(trusted: TrustedDocuments): Plugin {
  return usePersistedOperations({
    allowArbitraryOperations: trusted.mode === 'preferred',
    extractPersistedOperationId: findDocumentId,
    getPersistedOperation: (id) => findTrustedText(trusted, id),
    customErrors: {
      notFound: refusal('PERSISTED_QUERY_NOT_FOUND', 'There is no trusted document with this id.'),
      keyNotFound: refusal('BAD_REQUEST', 'Send the id of a trusted document as documentId.'),
      persistedQueryOnly: refusal('BAD_REQUEST', 'Only trusted documents are executed: send documentId and no query.'),
    },
  });
}

function refusal(code: string, message: string) {
  return { message, extensions: { code, http: { status: 400 } } };
}
