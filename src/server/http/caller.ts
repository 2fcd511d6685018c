import { type Authenticate, isAuthenticated } from '../auth/authenticate.js';
import type { AuthenticatedCaller, AuthenticationFailure, RefusedCredentials } from '../auth/authenticated.js';
import type { RateLimit } from '../auth/rate-limit.js';
import type { RequestRecord } from '../request-record.js';
import { Refusal } from './answers.js';

/**
 * Authenticates the caller of a request.
 *
 * @throws {Refusal} 401 for missing or invalid credentials, 503 while the keys of an issuer cannot be fetched
 */
export async function requireCaller(record: RequestRecord, authenticate: Authenticate): Promise<AuthenticatedCaller> {
  // Node uses the first of two headers, but a proxy may have checked the other one.
  const isRepeated = countAuthorizations(record.request.rawHeaders) > 1;
  const authentication = await authenticate(isRepeated ? '' : record.header('authorization'));
  if (isAuthenticated(authentication)) return authentication;
  throw unauthenticated(authentication, toChallenge(authentication.failure));
}

/** Creates the refusal of credentials: 401 with the challenge, or 503 if the keys of an issuer cannot be fetched. */
export function unauthenticated({ failure: reason, credential }: RefusedCredentials, challenge: string): Refusal {
  if (reason === 'issuer-unavailable') {
    return new Refusal(503, 'AUTHENTICATION_UNAVAILABLE', { retryAfterMs: 5_000, reason, credential });
  }
  return new Refusal(401, 'UNAUTHENTICATED', {
    message: 'Send a valid service key or token as Authorization: Bearer …',
    headers: { 'www-authenticate': challenge },
    reason,
    credential,
  });
}

/**
 * Counts an operation of a caller.
 *
 * @throws {Refusal} 429 if the caller has reached its rate limit
 */
export async function requireAllowance(caller: AuthenticatedCaller, rateLimit: RateLimit): Promise<void> {
  const retryAfterMs = await rateLimit(caller);
  if (retryAfterMs !== null) throw new Refusal(429, 'RATE_LIMITED', { retryAfterMs });
}

/** Counts the `Authorization` headers in a list that alternates names and values. */
function countAuthorizations(rawHeaders: readonly string[]): number {
  return rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'authorization').length;
}

/** Creates the challenge. It names an error only if the client sent credentials (RFC 6750, 3). */
function toChallenge(reason: AuthenticationFailure): string {
  return reason === 'missing' ? 'Bearer' : 'Bearer error="invalid_token"';
}
