import { type DocumentNode, Location, parse, type ParseOptions, Source, Token, TokenKind } from 'graphql';

/** Where whatever does not know its place is said to stand. */
const BEGIN = new Token(TokenKind.SOF, 0, 0, 0, 0);

/**
 * Parses a document whose nodes do not know where they stand; only its definitions know what text they are of. It takes a
 * third of the memory, and most documents come once: the garbage collector moves what is there while the platform is asked.
 *
 * @throws {GraphQLError} with its place, if it is no document
 */
export function parseWithoutLocations(text: string | Source, options?: ParseOptions): DocumentNode {
  const document = parse(text, { ...options, noLocation: true });
  const loc = new Location(BEGIN, BEGIN, typeof text === 'string' ? new Source(text) : text);
  for (const definition of document.definitions) Object.assign(definition, { loc });
  return document;
}

/** Parses a document again, for whoever has to say where something is wrong with it. */
export function withLocations(document: DocumentNode): DocumentNode {
  const source = document.definitions[0]?.loc?.source;
  return source ? parse(source) : document;
}
