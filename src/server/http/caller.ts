import { type Authenticate, isAuthenticated } from '../auth/authenticate.js';
import type { AuthenticatedCaller, AuthenticationFailure, RefusedCredentials } from '../auth/authenticated.js';
import type { RateLimit } from '../auth/rate-limit.js';
import type { RequestRecord } from '../request-record.js';
import { Refusal } from './answers.js';

/**
 * Finds out who sent a request.
 *
 * @throws {Refusal} 401, or 503 while the keys of an issuer cannot be fetched
 */
export async function requireCaller(record: RequestRecord, authenticate: Authenticate): Promise<AuthenticatedCaller> {
  // Node takes the first of two headers; a proxy may have checked the other one.
  const isRepeated = countAuthorizations(record.request.rawHeaders) > 1;
  const authentication = await authenticate(isRepeated ? '' : record.header('authorization'));
  if (isAuthenticated(authentication)) return authentication;
  throw unauthenticated(authentication, toChallenge(authentication.failure));
}

/** Refuses credentials, with the challenge that the client can answer. */
export function unauthenticated({ failure: reason, credential }: RefusedCredentials, challenge: string): Refusal {
  if (reason === 'issuer-unavailable') {
    return new Refusal(503, 'AUTHENTICATION_UNAVAILABLE', { headers: { 'retry-after': '5' }, reason, credential });
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
 * @throws {Refusal} 429 if the caller has spent its allowance
 */
export async function requireAllowance(caller: AuthenticatedCaller, rateLimit: RateLimit): Promise<void> {
  const retryAfterMs = await rateLimit(caller);
  if (retryAfterMs !== null) throw new Refusal(429, 'RATE_LIMITED', { retryAfterMs });
}

/** Counts the headers of that name among names and values as they came. */
function countAuthorizations(rawHeaders: readonly string[]): number {
  return rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'authorization').length;
}

/** RFC 6750, 3: an error is named only to a client that sent something. */
function toChallenge(reason: AuthenticationFailure): string {
  return reason === 'missing' ? 'Bearer' : 'Bearer error="invalid_token"';
}
