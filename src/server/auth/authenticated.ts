import type { Caller } from '../../access/policy.js';

/** Why the credentials of a request were refused. For the log only: no response contains it. */
export type AuthenticationFailure =
  | 'missing'
  | 'malformed'
  /** Longer than 8,000 bytes. */
  | 'too-long'
  | 'unknown-key'
  | 'expired-key'
  | 'unknown-issuer'
  | 'bad-token'
  | 'expired-token'
  /** More than 8 keys of the issuer may have signed the token, and it is from none of the first 8. */
  | 'too-many-keys'
  /** The issuer's keys cannot be fetched, which is not the caller's fault. */
  | 'issuer-unavailable';

/** The caller that a request's credentials belong to. */
export interface AuthenticatedCaller {
  readonly caller: Caller;
  /** Rate limit of the caller, in operations per minute; null if the server's limit applies. */
  readonly operationsPerMinute: number | null;
  /** For the log: the first 8 hex digits of the key's hash, or the issuer's id. */
  readonly credential: string;
}

/** Credentials that were refused. */
export interface RefusedCredentials {
  readonly failure: AuthenticationFailure;
  /** As in {@link AuthenticatedCaller}. Set for an expired key and an unavailable issuer. */
  readonly credential?: string;
  readonly caller?: never;
}

/** The result of authenticating a request. */
export type Authentication = AuthenticatedCaller | RefusedCredentials;
