import type { OperationRequest } from '../graphql/engine.js';
import { findTrustedText, type TrustedDocuments } from '../graphql/trusted-documents.js';
import { Refusal } from './answers.js';
import type { OperationParameters } from './body.js';

const PARAMETERS: readonly string[] = ['query', 'operationName', 'variables', 'extensions'];

/**
 * Checks the parameters of an operation (GraphQL over HTTP, "Request Parameters"), and finds its document.
 *
 * @throws {Refusal} 400
 */
export function requireOperation(
  parameters: OperationParameters,
  trusted: TrustedDocuments | undefined,
): OperationRequest {
  const known = trusted ? [...PARAMETERS, 'documentId'] : PARAMETERS;
  const unknown = Object.keys(parameters).find((name) => !known.includes(name));
  if (unknown !== undefined) throw badRequest(`Unexpected parameter "${unknown.slice(0, 64)}" in the request body.`);
  const { operationName, variables, extensions } = parameters;
  if (!isNullish(operationName) && typeof operationName !== 'string') {
    throw badRequest('Expected "operationName" to be a string.');
  }
  if (!isNullish(variables) && !isObject(variables)) throw badRequest('Expected "variables" to be an object.');
  if (!isNullish(extensions) && !isObject(extensions)) throw badRequest('Expected "extensions" to be an object.');
  return { query: findDocument(parameters, trusted), operationName, variables };
}

/** Finds the document: the query itself, or the trusted document of an id. */
function findDocument(
  { query, documentId, extensions }: OperationParameters,
  trusted: TrustedDocuments | undefined,
): string {
  if (trusted?.mode === 'required' && !isNullish(query)) {
    throw badRequest('Only trusted documents are executed: send documentId and no query.');
  }
  if (typeof query === 'string' && query !== '') return query;
  if (!isNullish(query) && query !== '') throw badRequest('Expected "query" to be a string.');
  if (!trusted) throw badRequest('Must provide query string.');
  const id = findDocumentId(documentId, extensions);
  if (id === null) throw badRequest('Send the id of a trusted document as documentId.');
  const text = findTrustedText(trusted, id);
  if (text !== null) return text;
  throw new Refusal(400, 'PERSISTED_QUERY_NOT_FOUND', { message: 'There is no trusted document with this id.' });
}

/** Finds the id of a trusted document: ours, or Apollo's. */
function findDocumentId(documentId: unknown, extensions: unknown): string | null {
  if (typeof documentId === 'string') return documentId;
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: { sha256Hash?: unknown } | null };
  return typeof persistedQuery?.sha256Hash === 'string' ? persistedQuery.sha256Hash : null;
}

function isNullish(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function badRequest(message: string): Refusal {
  return new Refusal(400, 'BAD_REQUEST', { message });
}
