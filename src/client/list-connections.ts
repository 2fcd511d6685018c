import type { ConnectionKey } from './__generated__/documents.js';
import { type AnswerError, findErrorAt } from './connection-answer.js';
import { ConnectionUnavailable } from './errors.js';

/** One item of a list of connections: the connection, or the error that explains why it is missing. */
export type ListedConnection<Connection> = { readonly key: ConnectionKey } & (
  | { readonly connection: Connection; readonly error: null }
  | { readonly connection: null; readonly error: ConnectionUnavailable }
);

/**
 * Lists the connections of a response in the order of their keys, each with its own error if it is missing.
 *
 * An error of the whole operation, such as `RATE_LIMITED`, has no path. It becomes the error of every connection.
 *
 * @param keys the keys that the operation sent
 * @param answer the result of `ConnectionStatesDocument` or `ConnectionsDocument`, or of your own operation with the
 *   field `connections`
 * @example
 * const states = listConnections(keys, await gateway.send(ConnectionStatesDocument, { keys }));
 * const mayRetry = states.some(({ error }) => error?.retryable);
 */
export function listConnections<Connection>(
  keys: readonly ConnectionKey[],
  answer: {
    readonly data?: { readonly connections: readonly (Connection | null)[] } | null | undefined;
    readonly errors?: readonly AnswerError[] | null | undefined;
  },
): ListedConnection<Connection>[] {
  return keys.map((key, index) => {
    const connection = answer.data?.connections[index];
    if (connection) return { key, connection, error: null };
    const error = new ConnectionUnavailable(findErrorAt(answer.errors, ['connections', index]));
    return { key, connection: null, error };
  });
}
