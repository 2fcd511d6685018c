import type { AccessToken } from './access-token.js';
import { toPlainText } from './text.js';

/** Where an authorization stands; `UNKNOWN` for a word this version does not know. */
export type AuthorizationStatus = 'ACTIVE' | 'AWAITING_CALLBACK' | 'RETRIEVING_TOKENS' | 'ERROR' | 'UNKNOWN';

interface AuthorizationDetails {
  readonly id: string | null;
  /** Which account at the third party it is. */
  readonly displayLabel: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
}

/** An authorization as read from the Platform API: nothing about it is decided yet. */
export interface AuthorizationReading extends AuthorizationDetails {
  /** The platform's own word for the status. */
  readonly status: string;
  readonly accessToken: AccessToken | null;
}

/** The grant behind a connection, with its token if that may be used. */
export interface Authorization<Token extends AccessToken | null = AccessToken | null> extends AuthorizationDetails {
  readonly status: AuthorizationStatus;
  /** The platform's own word for the status. */
  readonly platformStatus: string;
  readonly accessToken: Token;
}

const MAX_LABEL_LENGTH = 256;
const MAX_MESSAGE_LENGTH = 1024;

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

/** Shows an authorization with the token that may be used, or null, and with texts that are safe to print. */
export function toAuthorization<Token extends AccessToken | null>(
  reading: AuthorizationReading,
  accessToken: Token,
): Authorization<Token> {
  // A third party's error text may quote the very token it is about: search the whole text before cutting it.
  const clean = (text: string, maxLength = MAX_LABEL_LENGTH) =>
    toPlainText(reading.accessToken?.redactFrom(text) ?? text, maxLength);
  return {
    id: reading.id && clean(reading.id),
    status: toAuthorizationStatus(reading.status),
    platformStatus: clean(reading.status),
    displayLabel: reading.displayLabel && clean(reading.displayLabel),
    errorCode: reading.errorCode && clean(reading.errorCode),
    errorMessage: reading.errorMessage && clean(reading.errorMessage, MAX_MESSAGE_LENGTH),
    accessToken,
  };
}
