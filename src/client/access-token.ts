import type { AnswerError, ConnectionAnswer } from './connection-answer.js';
import { ConnectionNeedsRepair, ConnectionUnavailable } from './errors.js';

/**
 * Takes the access token from a connection.
 *
 * @param errors the errors of the same answer
 * @param path where the connection is in it, such as `['connections', 1]`, for an answer with several
 * @throws {ConnectionNeedsRepair} if a person has to connect the app first
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
  // An empty one is none: a gateway of another version may not know that.
  if (!accessToken) {
    const isAbout = (error: AnswerError) => path.every((part, index) => error.path?.[index] === part);
    throw new ConnectionUnavailable(errors?.find(isAbout));
  }
  return accessToken;
}

/** Configures {@link withFreshToken}. */
export interface FreshTokenOptions {
  /**
   * Tells from what came of using a token, a value or an error, whether the third party refused the token.
   * @default whether it, or its `response`, has 401 as `status` or `statusCode`
   */
  readonly isRejected?: (outcome: unknown) => boolean;
}

/** What a gateway answered about one connection. */
export interface ConnectionWithErrors {
  readonly connection: ConnectionAnswer | null | undefined;
  readonly errors?: readonly AnswerError[] | null | undefined;
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
    discard(result);
  } catch (error) {
    if (!isRejected(error)) throw error;
  }
  const fresh = await load(fingerprint);
  return use(requireAccessToken(fresh.connection, fresh.errors));
}

/** Lets go of a response that nobody reads any more: until then its socket is taken. */
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
