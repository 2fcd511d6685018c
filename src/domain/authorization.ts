import type { AccessToken } from './access-token.js';

/** Where an authorization stands; `UNKNOWN` for a word this version does not know. */
export type AuthorizationStatus = 'ACTIVE' | 'AWAITING_CALLBACK' | 'RETRIEVING_TOKENS' | 'ERROR' | 'UNKNOWN';

interface AuthorizationDetails {
  readonly id: string | null;
  /** Which account at the third party it is. */
  readonly displayLabel: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** The platform's own word for the status, fit to be shown. */
  readonly platformStatus: string;
}

/** An authorization as read from the Platform API: nothing about it is decided yet. */
export interface AuthorizationReading extends AuthorizationDetails {
  /** The platform's own word for the status, exactly as it came. */
  readonly status: string;
  readonly accessToken: AccessToken | null;
}

/** The grant behind a connection, with its token if that may be used. */
export interface Authorization<Token extends AccessToken | null = AccessToken | null> extends AuthorizationDetails {
  readonly status: AuthorizationStatus;
  readonly accessToken: Token;
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
  { status, ...details }: AuthorizationReading,
  accessToken: Token,
): Authorization<Token> {
  return { ...details, status: toAuthorizationStatus(status), accessToken };
}
