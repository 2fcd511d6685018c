import {
  createRemoteJWKSet,
  customFetch,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  jwtVerify,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from 'jose';
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
/** Minimum time between two fetches of an issuer's keys, in milliseconds, except for the refetches at an interval. */
const KEYS_COOLDOWN_MS = 5_000;
/** Maximum number of keys to try for a token without `kid`. Each takes the time of verifying a signature. */
const MAX_TRIED_KEYS = 8;

class IssuerUnavailableError extends Error {}
class TooManyKeysError extends Error {}

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
      const payload = await verify(token, keys, {
        issuer: policy.issuer,
        audience: policy.audience,
        algorithms: [...policy.algorithms],
        requiredClaims: ['exp', 'sub'],
        clockTolerance: CLOCK_TOLERANCE_S,
      });
      return toAuthenticated(policy, payload, hashSubject);
    } catch (error) {
      if (error instanceof IssuerUnavailableError) return { failure: 'issuer-unavailable', credential: policy.id };
      if (error instanceof TooManyKeysError) return { failure: 'too-many-keys', credential: policy.id };
      return { failure: error instanceof errors.JWTExpired ? 'expired-token' : 'bad-token' };
    }
  };
}

/** Verifies a token with the key that its `kid` names. Without `kid`, any matching key of the issuer may verify it. */
async function verify(token: string, keys: KeySet, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return await verifyOnce(token, keys, options);
  } catch (error) {
    const isForged = error instanceof errors.JWSSignatureVerificationFailed;
    // Without `kid`, only the signature shows that the issuer has a new key.
    if (!isForged || decodeProtectedHeader(token).kid !== undefined || !(await keys.renew())) throw error;
    return verifyOnce(token, keys, options);
  }
}

async function verifyOnce(token: string, { find }: KeySet, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, find, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    return tryKeys(token, error, options);
  }
}

async function tryKeys(
  token: string,
  candidates: errors.JWKSMultipleMatchingKeys,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  let tried = 0;
  for await (const key of candidates) {
    if (tried === MAX_TRIED_KEYS) throw new TooManyKeysError();
    tried += 1;
    try {
      return (await jwtVerify(token, key, options)).payload;
    } catch (error) {
      // An RSA key that is too short to be secure is a TypeError.
      const isOtherKey = error instanceof errors.JWSSignatureVerificationFailed || error instanceof TypeError;
      if (!isOtherKey) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
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
  const { sub, exp } = claims;
  // JSON can contain an infinite number: 1e400.
  if (!Number.isFinite(exp) || !isSubject(sub)) return { failure: 'bad-token' };
  return {
    caller: {
      // The subject may be an owner's id, which no log may show.
      id: `${policy.id}:${hashSubject(sub)}`,
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

/** Returns whether a claim identifies a subject. All lone surrogates would have the same hash, that of U+FFFD. */
function isSubject(sub: unknown): sub is string {
  return typeof sub === 'string' && sub !== '' && sub.isWellFormed();
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

/** The keys of an issuer. */
interface KeySet {
  /** @throws {IssuerUnavailableError} if the keys cannot be fetched */
  readonly find: JWTVerifyGetKey;
  /** Fetches the keys again, unless that happened in the last 5 s. Returns whether it did. */
  renew(): Promise<boolean>;
}

/**
 * Creates the source of an issuer's keys. It fetches them on first use, every 10 minutes while tokens arrive, and
 * immediately for an unknown key (rotation). While the issuer is down, it uses the cached keys for up to a day.
 */
function createKeySet(url: string): KeySet {
  let fetchedAt = -Infinity;
  let failedAt = -Infinity;
  const remote = createRemoteJWKSet(new URL(url), {
    timeoutDuration: KEYS_TIMEOUT_MS,
    cooldownDuration: KEYS_COOLDOWN_MS,
    cacheMaxAge: KEYS_MAX_AGE_MS,
    [customFetch]: async (...request) => {
      // An outage must not cause a fetch per request.
      if (performance.now() - failedAt < KEYS_COOLDOWN_MS) throw new IssuerUnavailableError();
      fetchedAt = performance.now();
      return fetch(...request);
    },
  });
  const toFailure = (error: unknown): unknown => {
    if (!isUnavailable(error)) return error;
    if (!(error instanceof IssuerUnavailableError)) failedAt = performance.now();
    return new IssuerUnavailableError();
  };
  const reload = () =>
    remote.reload().catch((error: unknown) => {
      throw toFailure(error);
    });
  return {
    find: async (header, token) => {
      if (remote.fresh && performance.now() - fetchedAt > KEYS_REFRESH_MS) void reload().catch(() => undefined);
      try {
        return await remote(header, token);
      } catch (error) {
        throw toFailure(error);
      }
    },
    renew: async () => {
      if (remote.coolingDown) return false;
      await reload();
      return true;
    },
  };
}

/** Returns whether the keys could not be fetched or are unusable. Any other error is about the token. */
function isUnavailable(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  return (
    error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === 'ERR_JOSE_GENERIC'
  );
}
