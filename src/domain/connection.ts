import type { AccessToken } from './access-token.js';
import type { ConnectionKey } from './connection-key.js';
import { type Connector, toBareConnector } from './connector.js';
import type { CatalogPageUrl, RepairAction, RepairLink, TokenUnavailableReason } from './repair-link.js';

/** The Platform API's response about a connection. `found: false` means that the owner or connector is unknown. */
export type ConnectionReading =
  | { readonly found: false }
  | {
      readonly found: true;
      readonly enabled: boolean;
      // These two may be computed on demand.
      readonly platformId: string | null;
      readonly connector: Connector;
      readonly authorization: AuthorizationReading | null;
    };

/** The state of a connection. Only `ACTIVE` comes with a token. */
export type ConnectionState = 'ACTIVE' | 'NOT_FOUND' | 'NOT_ENABLED' | 'PENDING' | 'NEEDS_REPAIR';

interface ConnectionFacts {
  readonly key: ConnectionKey;
  /** The platform's own id, or null if the owner never connected. */
  readonly platformId: string | null;
  readonly connector: Connector;
  readonly enabled: boolean;
}

/** A connection with a usable access token. */
export interface ActiveConnection extends ConnectionFacts {
  readonly state: 'ACTIVE';
  readonly authorization: Authorization<AccessToken>;
  readonly repairLink: null;
}

/** A connection without a usable token, and the link to repair it. */
export interface UnavailableConnection extends ConnectionFacts {
  readonly state: Exclude<ConnectionState, 'ACTIVE'>;
  readonly authorization: Authorization<null> | null;
  readonly repairLink: RepairLink;
}

/** A connection with either a usable token or a repair link: never both, never neither. */
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
 * Derives the connection that callers see from the Platform API's response. Only this function decides whether a token
 * may be used. It is total and pure: every reading has an outcome, and no fields of the outcome contradict each other.
 *
 * @param rejectedTokenFingerprint identifies a token that the third party rejected. It is not returned again.
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

/** The fields of every connection. The getters read rare ones from the reading, which may compute them on demand. */
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

/** Returns the state by only the platform's response, regardless of a token that a caller reports as rejected. */
export function toConnectionState(reading: ConnectionReading): ConnectionState {
  const usable = findUsableToken(reading, null);
  return typeof usable === 'string' ? OUTCOMES[usable].state : 'ACTIVE';
}

function toConnector(reading: ConnectionReading, { connectorSlug }: ConnectionKey): Connector {
  return reading.found ? reading.connector : toBareConnector(connectorSlug);
}

/** Returns the usable token, or the reason why there is none. The first matching rule applies. */
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
      if (accessToken === null || !accessToken.fitsHeader()) return 'TOKEN_MISSING';
      if (rejectedTokenFingerprint !== null && accessToken.fingerprint === rejectedTokenFingerprint)
        return 'TOKEN_REJECTED';
      return { authorization, accessToken };
    }
  }
}

/** The status of an authorization. `UNKNOWN` stands for a word that this version does not know. */
export type AuthorizationStatus = 'ACTIVE' | 'AWAITING_CALLBACK' | 'RETRIEVING_TOKENS' | 'ERROR' | 'UNKNOWN';

/** The details of an authorization besides its status and token. */
export interface AuthorizationDetails {
  readonly id: string | null;
  /** Name of the account at the third party. */
  readonly displayLabel: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** The platform's word for the status, filtered for display. */
  readonly platformStatus: string;
}

/** An authorization as read from the Platform API, before any decision. */
export interface AuthorizationReading {
  /** The platform's word for the status, unchanged. */
  readonly status: string;
  readonly accessToken: AccessToken | null;
  /** Computed on demand, because few requests need it. */
  readonly details: () => AuthorizationDetails;
}

/** The grant behind a connection, with its token if the token may be used. */
export interface Authorization<Token extends AccessToken | null = AccessToken | null> {
  /** The connection, which decides who may read the token. */
  readonly key: ConnectionKey;
  readonly status: AuthorizationStatus;
  readonly accessToken: Token;
  readonly details: () => AuthorizationDetails;
}

/** Maps the platform's exact word to a status. The Platform API's published browser client knows the same words. */
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

function toAuthorization<Token extends AccessToken | null>(
  key: ConnectionKey,
  { status, details }: AuthorizationReading,
  accessToken: Token,
): Authorization<Token> {
  return { key, status: toAuthorizationStatus(status), accessToken, details };
}
