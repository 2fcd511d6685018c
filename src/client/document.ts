import type { TypedDocumentNode } from '@graphql-typed-document-node/core';

/**
 * A GraphQL operation with the types of its result and of its variables.
 *
 * Clients that accept a syntax tree use it as `DocumentNode`. Everything else gets its text: `String(document)`, and
 * `JSON.stringify({ query: document })` for a plain `fetch`.
 */
export interface TypedDocument<Result, Variables> extends TypedDocumentNode<Result, Variables> {
  /** Returns the text of the operation. */
  toString(): string;
  /** Returns the text of the operation. */
  toJSON(): string;
}

/**
 * Creates a document.
 *
 * The prototype has the text. So an exact copy keeps it, and a client that changes the tree, such as Apollo Client with
 * `__typename`, gets a plain object without the old text. The document is not frozen, because urql adds its key to it.
 *
 * @param text the text that graphql-js prints for the definitions
 */
export function createDocument<Result, Variables>(
  text: string,
  definitions: unknown,
): TypedDocument<Result, Variables> {
  const prototype = { toString: () => text, toJSON: () => text };
  const tree: object = { kind: 'Document', definitions };
  return Object.setPrototypeOf(tree, prototype) as TypedDocument<Result, Variables>;
}
