import { readFileSync } from 'node:fs';

import { type GraphQLSchema, parse, validate } from 'graphql';

import { describeFileProblem } from '../config/file-problem.js';
import type { TrustedDocumentsMode } from '../config/configuration.js';

/** Documents that may be executed by their id. */
export interface TrustedDocuments {
  readonly mode: TrustedDocumentsMode;
  /** Source text by id. */
  readonly documents: ReadonlyMap<string, string>;
}

/** Finds the text of a trusted document: graphql-codegen names the algorithm in its ids, Apollo's clients send the hash alone. */
export function findTrustedText({ documents }: TrustedDocuments, id: string): string | null {
  return documents.get(id) ?? documents.get(`sha256:${id}`) ?? null;
}

/** Says why a manifest of trusted documents does not serve. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';

  constructor(readonly problems: readonly string[]) {
    super(['The manifest of trusted documents cannot work:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
  }
}

/**
 * Reads a manifest: the JSON object of ids and documents that graphql-codegen and Relay write.
 *
 * @throws {ManifestError} naming each document that this schema cannot execute
 */
export function readManifest(path: string, schema: GraphQLSchema): ReadonlyMap<string, string> {
  const entries = Object.entries(readObject(path));
  if (entries.length === 0) throw new ManifestError(['It has no document.']);
  const problems = entries.flatMap(([id, text]) => {
    const problem = findDocumentProblem(text, schema);
    return problem === null ? [] : [`${id.slice(0, 80)}: ${problem}`];
  });
  if (problems.length > 0) throw new ManifestError(problems);
  return new Map(entries as [string, string][]);
}

function readObject(path: string): object {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ManifestError([`It cannot be read: ${describeFileProblem(error)}`]);
  }
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ManifestError(['It must be a JSON object of ids and documents.']);
  }
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function findDocumentProblem(text: unknown, schema: GraphQLSchema): string | null {
  if (typeof text !== 'string') return 'is not a text';
  try {
    return validate(schema, parse(text))[0]?.message ?? null;
  } catch {
    return 'is not GraphQL';
  }
}
