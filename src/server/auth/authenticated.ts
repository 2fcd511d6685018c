import type { Caller } from '../../access/policy.js';

/** Why the credentials of a request do not serve. For the log: callers are never told. */
export type AuthenticationFailure =
  | 'missing'
  | 'malformed'
  | 'unknown-key'
  | 'expired-key'
  | 'unknown-issuer'
  | 'bad-token'
  | 'expired-token'
  /** The issuer's keys cannot be fetched: nobody's fault who asks. */
  | 'issuer-unavailable';

/** Who a request's credentials belong to. */
export interface AuthenticatedCaller {
  readonly caller: Caller;
  /** Operations that the caller may send in a minute; null where the server's own limit applies. */
  readonly operationsPerMinute: number | null;
  /** Which of the caller's keys, by the first 8 hex digits of its hash, or which issuer: for the log. */
  readonly credential: string;
}

/** Credentials that were refused. */
export interface RefusedCredentials {
  readonly failure: AuthenticationFailure;
  /** What the policy file knows of them, as far as it does. */
  readonly credential?: string;
  readonly caller?: never;
}

/** The result of authenticating a request. */
export type Authentication = AuthenticatedCaller | RefusedCredentials;
