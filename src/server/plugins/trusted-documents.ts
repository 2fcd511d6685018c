import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations';
import type { Plugin } from 'graphql-yoga';

import type { TrustedDocuments } from '../documents/trusted-documents.js';

/** Where a client may put the id of a trusted document, beside Apollo's `extensions.persistedQuery.sha256Hash`. */
export const DOCUMENT_ID = 'documentId';

/** Executes trusted documents by their id; where they are required, nothing else. */
export function useTrustedDocuments({ mode, documents }: TrustedDocuments): Plugin {
  return usePersistedOperations({
    allowArbitraryOperations: mode === 'preferred',
    extractPersistedOperationId: ({
      [DOCUMENT_ID]: id,
      extensions,
    }: {
      documentId?: unknown;
      extensions?: unknown;
    }) => {
      if (typeof id === 'string') return id;
      const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: { sha256Hash?: unknown } | null };
      return typeof persistedQuery?.sha256Hash === 'string' ? persistedQuery.sha256Hash : null;
    },
    // graphql-codegen names the algorithm in its ids, Apollo's clients send the hash alone.
    getPersistedOperation: (id) => documents.get(id) ?? documents.get(`sha256:${id}`) ?? null,
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
