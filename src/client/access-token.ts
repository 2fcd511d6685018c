import { type AnswerError, type ConnectionAnswer, findErrorAt } from './connection-answer.js';
import { ConnectionNeedsRepair, ConnectionUnavailable } from './errors.js';

/**
 * Returns the access token of a connection.
 *
 * @param errors the errors of the same response
 * @param path the connection's path in a response with several, such as `['connections', 1]`
 * @throws {ConnectionNeedsRepair} if a person must connect the app first
 * @throws {ConnectionUnavailable} if the connection is null, or its token withheld
 * @example
 * const { data, errors } = await send(UserConnectionDocument, { userId, connectorSlug: 'slack' });
 * const accessToken = requireAccessToken(data?.userConnection, errors);
 */
export function requireAccessToken(
  connection: ConnectionAnswer | null | undefined,
  errors?: readonly AnswerError[] | null,
  path: readonly (string | number)[] = [],
): string {
  if (connection?.repairLink) throw new ConnectionNeedsRepair(connection.state, connection.repairLink);
  const accessToken = connection?.authorization?.accessToken;
  // A gateway of another version may return an empty token.
  if (!accessToken) throw new ConnectionUnavailable(findErrorAt(errors, path));
  return accessToken;
}

/** Configures {@link withFreshToken}. */
export interface FreshTokenOptions {
  /**
   * Returns whether a result or error of `use` means that the third party rejected the token.
   * @default whether it, or its `response`, has 401 as `status` or `statusCode`
   */
  readonly isRejected?: (outcome: unknown) => boolean;
}

/** The gateway's response about one connection. */
export interface ConnectionWithErrors {
  readonly connection: ConnectionAnswer | null | undefined;
  readonly errors?: readonly AnswerError[] | null | undefined;
}

/**
 * Uses a connection's token. If the third party rejects it, retries once with a newer token.
 *
 * The Platform API advises clients to request the token again after a rejection. The second request sends the
 * fingerprint of the rejected token, so that the gateway returns a repair link instead of the same token. A second
 * rejection, and every result or error that is not about the token, reaches the caller unchanged.
 *
 * @param load queries the gateway, with the fingerprint of a rejected token if there is one
 * @param use calls the third party
 * @throws {ConnectionNeedsRepair} if a person must connect the app first
 * @throws {ConnectionUnavailable} if the connection is null, or its token withheld
 * @example
 * const response = await withFreshToken(
 *   async (rejectedTokenFingerprint) => {
 *     const { data, errors } = await send(UserConnectionDocument, { userId, connectorSlug, rejectedTokenFingerprint });
 *     return { connection: data?.userConnection, errors };
 *   },
 *   (accessToken) => fetch(url, { headers: { authorization: `Bearer ${accessToken}` } }),
 * );
 */
export async function withFreshToken<Result>(
  load: (rejectedTokenFingerprint?: string) => Promise<ConnectionWithErrors>,
  use: (accessToken: string) => Promise<Result>,
  { isRejected = isUnauthorized }: FreshTokenOptions = {},
): Promise<Result> {
  const { connection, errors } = await load();
  const accessToken = requireAccessToken(connection, errors);
  const fingerprint = connection?.authorization?.accessTokenFingerprint;
  if (!fingerprint) throw new TypeError('withFreshToken needs accessTokenFingerprint: select it beside accessToken.');
  try {
    const result = await use(accessToken);
    if (!isRejected(result)) return result;
    discard(result);
  } catch (error) {
    if (!isRejected(error)) throw error;
  }
  const fresh = await load(fingerprint);
  return use(requireAccessToken(fresh.connection, fresh.errors));
}

/** Cancels an unread response, which would keep its socket. */
function discard(result: unknown): void {
  if (result instanceof Response && !result.bodyUsed) result.body?.cancel().catch(() => undefined);
}

function isUnauthorized(outcome: unknown): boolean {
  if (typeof outcome !== 'object' || outcome === null) return false;
  const { status, statusCode, response } = outcome as {
    readonly status?: unknown;
    readonly statusCode?: unknown;
    readonly response?: { readonly status?: unknown; readonly statusCode?: unknown } | null;
  };
  return [status, statusCode, response?.status, response?.statusCode].includes(401);
}
