import type { AccessToken } from './access-token.js';
import type { ConnectionKey } from './connection-key.js';
import { type Connector, toBareConnector } from './connector.js';
import type { CatalogPageUrl, RepairAction, RepairLink, TokenUnavailableReason } from './repair-link.js';

/** What the Platform API said about a connection; `found: false` where it does not know the owner or connector. */
export type ConnectionReading =
  | { readonly found: false }
  | {
      readonly found: true;
      readonly enabled: boolean;
      // These two may be made only when they are asked for.
      readonly platformId: string | null;
      readonly connector: Connector;
      readonly authorization: AuthorizationReading | null;
    };

/** How a connection stands, in one word. Only `ACTIVE` comes with a token. */
export type ConnectionState = 'ACTIVE' | 'NOT_FOUND' | 'NOT_ENABLED' | 'PENDING' | 'NEEDS_REPAIR';

interface ConnectionFacts {
  readonly key: ConnectionKey;
  /** The platform's own id; null where nothing was ever connected. */
  readonly platformId: string | null;
  readonly connector: Connector;
  readonly enabled: boolean;
}

/** A connection whose access token can be used now. */
export interface ActiveConnection extends ConnectionFacts {
  readonly state: 'ACTIVE';
  readonly authorization: Authorization<AccessToken>;
  readonly repairLink: null;
}

/** A connection without a usable token, and where a person changes that. */
export interface UnavailableConnection extends ConnectionFacts {
  readonly state: Exclude<ConnectionState, 'ACTIVE'>;
  readonly authorization: Authorization<null> | null;
  readonly repairLink: RepairLink;
}

/** Either a usable token or a repair link: never both, never neither. */
export type Connection = ActiveConnection | UnavailableConnection;

const OUTCOMES: Record<TokenUnavailableReason, { state: UnavailableConnection['state']; action: RepairAction }> = {
  NOT_FOUND: { state: 'NOT_FOUND', action: 'SET_UP' },
  NOT_ENABLED: { state: 'NOT_ENABLED', action: 'SET_UP' },
  AUTHORIZATION_MISSING: { state: 'NEEDS_REPAIR', action: 'REPAIR' },
  AUTHORIZATION_PENDING: { state: 'PENDING', action: 'FINISH' },
  AUTHORIZATION_ERROR: { state: 'NEEDS_REPAIR', action: 'REPAIR' },
  UNKNOWN_STATUS: { state: 'NEEDS_REPAIR', action: 'REPAIR' },
  TOKEN_MISSING: { state: 'NEEDS_REPAIR', action: 'REPAIR' },
  TOKEN_REJECTED: { state: 'NEEDS_REPAIR', action: 'REPAIR' },
};

/**
 * Derives the connection that callers see from what the Platform API said.
 *
 * The one place that decides whether a token may be used. Total and pure: every reading has an outcome, and no
 * field of the outcome can contradict another.
 *
 * @param rejectedTokenFingerprint names a token that the third party refused: that very token is not given again
 */
export function deriveConnection(
  key: ConnectionKey,
  reading: ConnectionReading,
  catalogPageUrl: CatalogPageUrl,
  rejectedTokenFingerprint: string | null = null,
): Connection {
  const usable = findUsableToken(reading, rejectedTokenFingerprint);
  if (typeof usable !== 'string') {
    return new Active(key, reading, toAuthorization(key, usable.authorization, usable.accessToken));
  }
  const { state, action } = OUTCOMES[usable];
  const grant = reading.found ? reading.authorization : null;
  const url = catalogPageUrl(toConnector(reading, key).slug);
  return new Unavailable(key, reading, state, grant && toAuthorization(key, grant, null), {
    url,
    action,
    reason: usable,
  });
}

/** What is read of every connection. What few ask for stays with the reading, which may make it only then. */
class Facts implements ConnectionFacts {
  readonly enabled: boolean;
  readonly #reading: ConnectionReading;

  constructor(
    readonly key: ConnectionKey,
    reading: ConnectionReading,
  ) {
    this.enabled = reading.found && reading.enabled === true;
    this.#reading = reading;
  }

  get platformId(): string | null {
    return this.#reading.found ? this.#reading.platformId : null;
  }

  get connector(): Connector {
    return toConnector(this.#reading, this.key);
  }
}

class Active extends Facts implements ActiveConnection {
  readonly state = 'ACTIVE';
  readonly repairLink = null;

  constructor(
    key: ConnectionKey,
    reading: ConnectionReading,
    readonly authorization: ActiveConnection['authorization'],
  ) {
    super(key, reading);
  }
}

class Unavailable extends Facts implements UnavailableConnection {
  constructor(
    key: ConnectionKey,
    reading: ConnectionReading,
    readonly state: UnavailableConnection['state'],
    readonly authorization: UnavailableConnection['authorization'],
    readonly repairLink: RepairLink,
  ) {
    super(key, reading);
  }
}

/** Says how a connection stands by the platform's word alone: whether a caller finds the token rejected is another matter. */
export function toConnectionState(reading: ConnectionReading): ConnectionState {
  const usable = findUsableToken(reading, null);
  return typeof usable === 'string' ? OUTCOMES[usable].state : 'ACTIVE';
}

function toConnector(reading: ConnectionReading, { connectorSlug }: ConnectionKey): Connector {
  return reading.found ? reading.connector : toBareConnector(connectorSlug);
}

/** Finds the token that may be used, or the reason why there is none: the first rule that fits. */
function findUsableToken(
  reading: ConnectionReading,
  rejectedTokenFingerprint: string | null,
): { readonly authorization: AuthorizationReading; readonly accessToken: AccessToken } | TokenUnavailableReason {
  if (!reading.found) return 'NOT_FOUND';
  if (reading.enabled !== true) return 'NOT_ENABLED';
  const { authorization } = reading;
  if (authorization === null) return 'AUTHORIZATION_MISSING';
  switch (toAuthorizationStatus(authorization.status)) {
    case 'AWAITING_CALLBACK':
    case 'RETRIEVING_TOKENS':
      return 'AUTHORIZATION_PENDING';
    case 'ERROR':
      return 'AUTHORIZATION_ERROR';
    case 'UNKNOWN':
      return 'UNKNOWN_STATUS';
    case 'ACTIVE': {
      const { accessToken } = authorization;
      if (accessToken === null || !accessToken.isWellFormed()) return 'TOKEN_MISSING';
      if (rejectedTokenFingerprint !== null && accessToken.fingerprint === rejectedTokenFingerprint)
        return 'TOKEN_REJECTED';
      return { authorization, accessToken };
    }
  }
}

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
function toAuthorizationStatus(word: string): AuthorizationStatus {
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
function toAuthorization<Token extends AccessToken | null>(
  key: ConnectionKey,
  { status, details }: AuthorizationReading,
  accessToken: Token,
): Authorization<Token> {
  return { key, status: toAuthorizationStatus(status), accessToken, details };
}
