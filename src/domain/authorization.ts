import type { AccessToken } from './access-token.js';
import type { ConnectionKey } from './connection-key.js';

/** Where an authorization stands; `UNKNOWN` for a word this version does not know. */
export type AuthorizationStatus = 'ACTIVE' | 'AWAITING_CALLBACK' | 'RETRIEVING_TOKENS' | 'ERROR' | 'UNKNOWN';

/** What is shown of an authorization beside its status and its token. */
export interface AuthorizationDetails {
  readonly id: string | null;
  /** Which account at the third party it is. */
  readonly displayLabel: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** The platform's own word for the status, fit to be shown. */
  readonly platformStatus: string;
}

/** An authorization as read from the Platform API: nothing about it is decided yet. */
export interface AuthorizationReading {
  /** The platform's own word for the status, exactly as it came. */
  readonly status: string;
  readonly accessToken: AccessToken | null;
  /** Made only when it is asked for, which is seldom. */
  readonly details: () => AuthorizationDetails;
}

/** The grant behind a connection, with its token if that may be used. */
export interface Authorization<Token extends AccessToken | null = AccessToken | null> {
  /** Names the connection: who may have the token is decided by that. */
  readonly key: ConnectionKey;
  readonly status: AuthorizationStatus;
  readonly accessToken: Token;
  readonly details: () => AuthorizationDetails;
}

/**
 * Understands the platform's word for a status: one exact word, or `UNKNOWN`.
 *
 * The words are those that the Platform API's published browser client knows.
 */
export function toAuthorizationStatus(word: string): AuthorizationStatus {
  switch (word) {
    case 'active':
      return 'ACTIVE';
    case 'awaiting_callback':
      return 'AWAITING_CALLBACK';
    case 'retrieving_tokens':
      return 'RETRIEVING_TOKENS';
    case 'error':
      return 'ERROR';
    default:
      return 'UNKNOWN';
  }
}

/** Shows an authorization with the token that may be used, or null. */
export function toAuthorization<Token extends AccessToken | null>(
  key: ConnectionKey,
  { status, details }: AuthorizationReading,
  accessToken: Token,
): Authorization<Token> {
  return { key, status: toAuthorizationStatus(status), accessToken, details };
}
