import type { AnswerError, ConnectionAnswer } from './connection-answer.js';
import { ConnectionNeedsRepair, ConnectionUnavailable } from './errors.js';

/**
 * Takes the access token from a connection.
 *
 * @param errors the errors of the same answer; the first about the connection says why it is null, or its token
 * @throws {ConnectionNeedsRepair} if a person has to connect the app first
 * @throws {ConnectionUnavailable} if the connection is null, or its token withheld
 * @example
 * const { data, errors } = await send(UserConnectionDocument, { userId, connectorSlug: 'slack' });
 * const accessToken = requireAccessToken(data?.userConnection, errors);
 */
export function requireAccessToken(
  connection: ConnectionAnswer | null | undefined,
  errors: readonly AnswerError[] = [],
): string {
  if (connection?.repairLink) throw new ConnectionNeedsRepair(connection.state, connection.repairLink);
  const accessToken = connection?.authorization?.accessToken;
  // An empty one is none: a gateway of another version may not know that.
  if (!accessToken) throw new ConnectionUnavailable(errors[0]);
  return accessToken;
}

/** Configures {@link withFreshToken}. */
export interface FreshTokenOptions {
  /**
   * Tells from what came of using a token, a value or an error, whether the third party refused the token.
   * @default whether its `status`, `statusCode` or `response.status` is 401
   */
  readonly isRejected?: (outcome: unknown) => boolean;
}

/** What a gateway answered about one connection. */
export interface ConnectionWithErrors {
  readonly connection: ConnectionAnswer | null | undefined;
  readonly errors?: readonly AnswerError[] | undefined;
}

/**
 * Uses a connection's token, and once more with a newer one if the third party refuses the first.
 *
 * The Platform API advises to ask again for a token that was refused. This does so once, and names the refused one, so
 * that the very same token does not come back: then there is a repair link. What is not about the token is handed on
 * as it is, and so is a second refusal.
 *
 * @param load asks the gateway, with the fingerprint of a refused token if there is one
 * @param use calls the third party
 * @throws {ConnectionNeedsRepair} if a person has to connect the app first
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
    // Nobody reads it any more, and until then its socket is taken.
    if (result instanceof Response) await result.body?.cancel();
  } catch (error) {
    if (!isRejected(error)) throw error;
  }
  const fresh = await load(fingerprint);
  return use(requireAccessToken(fresh.connection, fresh.errors));
}

function isUnauthorized(outcome: unknown): boolean {
  if (typeof outcome !== 'object' || outcome === null) return false;
  const { status, statusCode, response } = outcome as {
    readonly status?: unknown;
    readonly statusCode?: unknown;
    readonly response?: { readonly status?: unknown };
  };
  return [status, statusCode, response?.status].includes(401);
}
