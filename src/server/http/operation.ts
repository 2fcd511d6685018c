import type { OperationRequest } from '../graphql/engine.js';
import { findTrustedText, type TrustedDocuments } from '../graphql/trusted-documents.js';
import { Refusal } from './answers.js';
import type { IncomingMessage } from 'node:http';

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

/** Returns the text of the document: the query itself, or the trusted document with the given id. */
function findDocument(
  { query, documentId, extensions }: OperationParameters,
  trusted: TrustedDocuments | undefined,
): string {
  if (trusted?.mode === 'required' && !isNullish(query)) {
    throw badRequest('Only trusted documents are executed: send documentId instead of query.');
  }
  if (typeof query === 'string' && query !== '') return query;
  if (!isNullish(query) && query !== '') throw badRequest('Expected "query" to be a string.');
  const id = findDocumentId(documentId, extensions);
  if (!trusted && id !== null) throw new Refusal(400, 'PERSISTED_QUERY_NOT_SUPPORTED');
  if (!trusted) throw badRequest('Must provide query string.');
  if (id === null) throw badRequest('The request has no document: send the id of a trusted document as documentId.');
  const text = findTrustedText(trusted, id);
  if (text !== null) return text;
  // urql sends the document itself after this message. Apollo Client does so after the code.
  const mayFallBack = trusted.mode === 'preferred' && typeof documentId !== 'string';
  const message = mayFallBack ? 'PersistedQueryNotFound' : 'No trusted document has this id.';
  throw new Refusal(400, 'PERSISTED_QUERY_NOT_FOUND', { message });
}

/** Returns the id of a trusted document, from `documentId` or from Apollo's extension, or null. */
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

/** Maximum length of a request body, in bytes. */
const MAX_BODY_BYTES = 100_000;

/** The parameters in the body of an operation, unchecked. */
export interface OperationParameters {
  readonly query?: unknown;
  readonly operationName?: unknown;
  readonly variables?: unknown;
  readonly extensions?: unknown;
  readonly documentId?: unknown;
}

/**
 * Reads the body of an operation.
 *
 * @throws {Refusal} 413 if it is longer than {@link MAX_BODY_BYTES}, 400 if it is not a JSON object in UTF-8
 */
export async function readParameters(request: IncomingMessage): Promise<OperationParameters> {
  const parameters = parseJson(decode(await readBytes(request)));
  if (typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters)) return parameters;
  throw badRequest('The body must be a JSON object with a query.');
}

function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const collect = (chunk: Buffer) => {
      length += chunk.byteLength;
      if (length <= MAX_BODY_BYTES) chunks.push(chunk);
      else {
        // The rest is read and dropped, so that the connection stays usable for the response.
        request.off('data', collect).resume();
        reject(tooLarge());
      }
    };
    const giveUp = () => {
      if (!request.readableEnded) reject(badRequest('The request ended before its body was complete.'));
    };
    if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return reject(tooLarge());
    if (request.destroyed) return giveUp();
    request.on('data', collect);
    request.once('end', () => resolve(Buffer.concat(chunks, length)));
    request.once('close', giveUp);
    request.once('error', giveUp);
  });
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** Decodes a body without its byte order mark. A lenient decoder could turn two owners' ids into the same id. */
function decode(body: Buffer): string {
  try {
    return UTF_8.decode(body);
  } catch {
    throw badRequest('The body is not valid UTF-8.');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own error quotes the body.
    throw badRequest('The body is not valid JSON.');
  }
}

function tooLarge(): Refusal {
  return new Refusal(413, 'REQUEST_ENTITY_TOO_LARGE', { message: 'The body is too large.' });
}
