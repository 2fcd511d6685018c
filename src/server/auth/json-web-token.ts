import { createRemoteJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import type { Limit } from '../../access/policy.js';
import type { IssuerPolicy, TokenLimit } from './policy-file.js';
import type { Authentication } from './authenticated.js';

/** Maximum difference between the clocks of the issuer and this machine, in seconds. */
export const CLOCK_TOLERANCE_S = 5;
/** Timeout of fetching an issuer's keys, in milliseconds. */
export const KEYS_TIMEOUT_MS = 3_000;
/** Interval of refetching an issuer's keys while tokens arrive, in milliseconds. */
const KEYS_REFRESH_MS = 10 * 60_000;
/** Maximum age of cached keys while the issuer is unreachable, in milliseconds. */
const KEYS_MAX_AGE_MS = 24 * 60 * 60_000;
/** Pause between fetches for unknown keys, and after a failed fetch if no keys are cached, in milliseconds. */
const KEYS_COOLDOWN_MS = 5_000;

class IssuerUnavailableError extends Error {}

/** Creates the token verifier, which checks issuer, audience, expiry, algorithm and signature. */
export function createTokenVerifier(
  issuers: readonly IssuerPolicy[],
  hashSubject: (subject: string) => string,
): (token: string) => Promise<Authentication> {
  const known = new Map(issuers.map((policy) => [policy.issuer, { policy, keys: createKeySet(policy.jwks) }]));
  return async (token) => {
    const issuer = known.get(readIssuer(token) ?? '');
    if (!issuer) return { failure: 'unknown-issuer' };
    const { policy, keys } = issuer;
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: policy.issuer,
        audience: policy.audience,
        algorithms: [...policy.algorithms],
        requiredClaims: ['exp', 'sub'],
        clockTolerance: CLOCK_TOLERANCE_S,
      });
      return toAuthenticated(policy, payload, hashSubject);
    } catch (error) {
      if (error instanceof IssuerUnavailableError) {
        return { failure: 'issuer-unavailable', credential: policy.id };
      }
      return { failure: error instanceof errors.JWTExpired ? 'expired-token' : 'bad-token' };
    }
  };
}

/** Reads the issuer that a token claims, only to choose the keys. The claim is not verified yet. */
function readIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

function toAuthenticated(
  policy: IssuerPolicy,
  claims: JWTPayload,
  hashSubject: (subject: string) => string,
): Authentication {
  // JSON can contain an infinite number: 1e400.
  if (typeof claims.sub !== 'string' || claims.sub === '' || !Number.isFinite(claims.exp))
    return { failure: 'bad-token' };
  return {
    caller: {
      // The subject may be an owner's id, which no log may show.
      id: `${policy.id}:${hashSubject(claims.sub)}`,
      kind: policy.kind,
      scopes: policy.scopes.filter((scope) => readScopes(claims).includes(scope)),
      users: toLimit(policy.users, claims),
      groups: toLimit(policy.groups, claims),
      connectors: policy.connectors,
    },
    operationsPerMinute: policy.operationsPerMinute,
    credential: policy.id,
  };
}

/** Reads the scopes of a token: `scope` (RFC 9068), separated by spaces, or the `scp` of some issuers. */
function readScopes({ scope, scp }: JWTPayload): readonly string[] {
  const claimed = scope ?? scp;
  if (typeof claimed === 'string') return claimed.split(' ');
  return Array.isArray(claimed) ? claimed.filter((item) => typeof item === 'string') : [];
}

/** Replaces the name of a claim by its value or list of values. A missing claim allows no owner. */
function toLimit(limit: TokenLimit, claims: JWTPayload): Limit {
  if (limit === 'any' || !('claim' in limit)) return limit;
  const value: unknown = Object.hasOwn(claims, limit.claim) ? claims[limit.claim] : undefined;
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((item): item is string => typeof item === 'string' && item !== '');
}

/**
 * Creates the source of an issuer's keys. It fetches them on first use, every 10 minutes while tokens arrive, and
 * immediately for an unknown key (rotation). While the issuer is down, it uses the cached keys for up to a day.
 */
function createKeySet(url: string): JWTVerifyGetKey {
  const remote = createRemoteJWKSet(new URL(url), {
    timeoutDuration: KEYS_TIMEOUT_MS,
    cooldownDuration: KEYS_COOLDOWN_MS,
    cacheMaxAge: KEYS_MAX_AGE_MS,
  });
  let fetchedAt = -Infinity;
  let failedAt = -Infinity;
  const refresh = async () => {
    fetchedAt = performance.now();
    await remote.reload().catch(() => undefined);
  };
  return async (header, token) => {
    const now = performance.now();
    if (remote.fresh && now - fetchedAt > KEYS_REFRESH_MS) void refresh();
    // Without cached keys, an outage must not cause a fetch per request.
    if (!remote.fresh && now - failedAt < KEYS_COOLDOWN_MS) throw new IssuerUnavailableError();
    try {
      const key = await remote(header, token);
      if (fetchedAt === -Infinity) fetchedAt = performance.now();
      return key;
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      failedAt = performance.now();
      throw new IssuerUnavailableError();
    }
  };
}

/** Returns whether the keys could not be fetched or are not a key set. Any other error is about the token. */
function isUnavailable(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  return (
    error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === 'ERR_JOSE_GENERIC'
  );
}
