import { hash } from 'node:crypto';
import { AccessToken } from '../domain/access-token.js';
import type { AuthorizationDetails, AuthorizationReading, ConnectionReading } from '../domain/connection.js';
import type { Connector } from '../domain/connector.js';
import { PlatformError } from './errors.js';
import { createShownTexts, type ShownTexts } from './text-filter.js';
import type { ConnectionKey } from '../domain/connection-key.js';
import { parseRetryAfter } from './retry.js';
import type { TransportResponse } from './transport.js';

const CONNECTOR_TEXTS = ['slug', 'name', 'short_description', 'mark_url', 'about', 'description'] as const;
// Each of the three generations of the API has its own name for the token.
const TOKEN_FIELDS = ['access_token', 'credential', 'access_credential'] as const;
const AUTHORIZATION_TEXTS = ['status', 'display_label', 'error_code', 'error_message', ...TOKEN_FIELDS] as const;

/** A JSON object. */
type Wire = Readonly<Record<string, unknown>>;

type Texts<Field extends string> = { readonly [field in Field]?: string | null | undefined };

/** A connector of the Platform API. */
export type WireConnector = Texts<(typeof CONNECTOR_TEXTS)[number]>;
/** An authorization of the Platform API. */
export type WireAuthorization = Texts<(typeof AUTHORIZATION_TEXTS)[number]> & {
  readonly id?: string | number | null | undefined;
};

/**
 * Parses the body of a 200: three siblings, or connector and authorization nested in the connection. If there are two
 * authorizations, the sibling counts.
 *
 * Checks the whole contract now. Filters display texts on first access, because most are never read and filtering took
 * ten times as long as the rest. The checks are hand-written, because a validator took as long as the request.
 *
 * @throws {PlatformError} `PLATFORM_BAD_RESPONSE` if the body breaks the contract or is about another connector
 */
export function parseConnectionBody(body: unknown, connectorSlug: string): ConnectionReading {
  return new BodyReading(toObject(body), connectorSlug);
}

class BodyReading {
  readonly found = true;
  readonly enabled: boolean;
  readonly authorization: AuthorizationReading | null;
  readonly #connectorSlug: string;
  readonly #sibling: Wire;
  readonly #connection: Wire;
  readonly #connectors: readonly [WireConnector | null, WireConnector | null];
  #texts: ShownTexts | null = null;
  #connector: Connector | null = null;

  constructor(body: Wire, connectorSlug: string) {
    const connection = toObject(body['connection']);
    const { enabled } = connection;
    if (typeof enabled !== 'boolean') throw breach(BROKEN);
    toText(connection['id']);
    const [sibling, nested] = [toConnectorWire(body['connector']), toConnectorWire(connection['connector'])] as const;
    // Neither envelope may name another connector, whose token would pass for the requested one.
    if (!isAbout(sibling, connectorSlug) || !isAbout(nested, connectorSlug)) {
      throw breach("The Platform API's response is about another connector than the requested one.");
    }
    this.enabled = enabled;
    this.#connectorSlug = connectorSlug;
    this.#sibling = body;
    this.#connection = connection;
    this.#connectors = [sibling, nested];
    const authorization = body['authorization'] === undefined ? connection['authorization'] : body['authorization'];
    const texts = () => this.#toTexts();
    this.authorization = enabled ? toAuthorizationReading(authorization, texts) : toLeftover(authorization, texts);
  }

  get platformId(): string | null {
    return this.#toTexts().label(toText(this.#connection['id'])) || null;
  }

  get connector(): Connector {
    return (this.#connector ??= toConnector(this.#connectors, this.#connectorSlug, this.#toTexts()));
  }

  #toTexts(): ShownTexts {
    const authorizations = [this.#sibling['authorization'], this.#connection['authorization']];
    return (this.#texts ??= createShownTexts(authorizations.flatMap(findTokens)));
  }
}

function isAbout(wire: WireConnector | null, connectorSlug: string): boolean {
  return !wire?.slug || isSameSlug(wire.slug, connectorSlug);
}

/** Reads the connector from the first envelope with a slug, or else from the first one. */
function toConnector(wires: readonly (WireConnector | null)[], connectorSlug: string, texts: ShownTexts): Connector {
  const wire = wires.find((candidate) => candidate?.slug) ?? wires.find(Boolean);
  return {
    slug: wire?.slug || connectorSlug,
    name: texts.label(wire?.name),
    shortDescription: texts.message(wire?.short_description),
    markUrl: toWebUrl(wire?.mark_url, texts),
    about: texts.markdown(wire?.about),
    description: texts.markdown(wire?.description),
  };
}

/** Compares both the lower and the upper case: in lower case, the Kelvin sign (U+212A) would equal `k`. */
function isSameSlug(a: string, b: string): boolean {
  return a === b || (a.toLowerCase() === b.toLowerCase() && a.toUpperCase() === b.toUpperCase());
}

/** Reads an authorization. Returns null if it is absent, null, or has no values. */
function toAuthorizationReading(raw: unknown, texts: () => ShownTexts): AuthorizationReading | null {
  const wire = toAuthorizationWire(raw);
  if (!wire) return null;
  const { status } = wire;
  if (typeof status !== 'string') throw breach("The Platform API's response has an authorization without a status.");
  const token = trimLineBreak(wire.access_token || wire.credential || wire.access_credential || '');
  return {
    status,
    accessToken: token ? new AccessToken(token, fingerprintToken(token)) : null,
    details: () => toDetails(status, wire, texts()),
  };
}

/** Removes one line break from the end of a token. Tokens that were stored from a file or a shell often have one. */
function trimLineBreak(token: string): string {
  return token.replace(/\r?\n$/, '');
}

function toDetails(status: string, wire: WireAuthorization, texts: ShownTexts): AuthorizationDetails {
  return {
    id: toId(wire.id, texts),
    platformStatus: texts.label(status) ?? '',
    displayLabel: texts.label(wire.display_label),
    errorCode: texts.label(wire.error_code),
    errorMessage: texts.message(wire.error_message),
  };
}

/** Reads the authorization of a disabled connection. It decides nothing, so a broken one is ignored. */
function toLeftover(raw: unknown, texts: () => ShownTexts): AuthorizationReading | null {
  try {
    return toAuthorizationReading(raw, texts);
  } catch {
    return null;
  }
}

function findTokens(authorization: unknown): string[] {
  if (typeof authorization !== 'object' || authorization === null) return [];
  return TOKEN_FIELDS.map((field): unknown => Reflect.get(authorization, field))
    .flatMap((value) => (typeof value === 'string' ? trimLineBreak(value) : []))
    .filter(Boolean);
}

/** Formats an id as text. Returns null for a number that JSON cannot hold exactly. */
function toId(id: string | number | null | undefined, texts: ShownTexts): string | null {
  if (typeof id === 'number') return Number.isSafeInteger(id) ? String(id) : null;
  return texts.label(id);
}

function fingerprintToken(token: string): string {
  return hash('sha256', token, 'hex').slice(0, 16);
}

/** Returns a URL that a page may show as an image, or null. A bad logo must not fail the lookup. */
function toWebUrl(address: string | null | undefined, texts: ShownTexts): string | null {
  // A URL that the filter changes must not be requested either.
  if (!address || !URL.canParse(address) || texts.markdown(address) !== address) return null;
  const url = new URL(address);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
}

function toConnectorWire(raw: unknown): WireConnector | null {
  if (raw === null || raw === undefined) return null;
  const wire = toObject(raw);
  for (const field of CONNECTOR_TEXTS) toText(wire[field]);
  return wire;
}

function toAuthorizationWire(raw: unknown): WireAuthorization | null {
  if (raw === null || raw === undefined) return null;
  const wire = toObject(raw);
  const { id } = wire;
  let hasValue = typeof id === 'number' ? requireFinite(id) : isPresent(toText(id));
  // Checks every field: one with a wrong type breaks the contract even after a present value.
  for (const field of AUTHORIZATION_TEXTS) if (isPresent(toText(wire[field]))) hasValue = true;
  return hasValue ? wire : null;
}

function toObject(value: unknown): Wire {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw breach(BROKEN);
  return value as Wire;
}

function toText(value: unknown): string | null | undefined {
  if (typeof value === 'string' || value === null || value === undefined) return value;
  throw breach(BROKEN);
}

/** JSON.parse returns Infinity for a number such as 1e400. */
function requireFinite(value: number): true {
  if (Number.isFinite(value)) return true;
  throw breach(BROKEN);
}

function isPresent(value: string | null | undefined): boolean {
  return value !== null && value !== undefined;
}

const BROKEN = "The body of the Platform API's response breaks its contract.";

function breach(message: string): PlatformError {
  return new PlatformError('PLATFORM_BAD_RESPONSE', message, { status: 200 });
}

/** Interprets a response. Reads only the body of a 200. @throws {PlatformError} unless it is a connection or a 404 */
export function interpretResponse(response: TransportResponse, key: ConnectionKey): ConnectionReading {
  const { status } = response;
  if (isProxyPage(response)) {
    const message = `The response with HTTP ${status} is an HTML page.`;
    throw new PlatformError('PLATFORM_BAD_RESPONSE', message, { status, reason: 'HTML_PAGE' });
  }
  if (status === 200) return parseConnectionBody(parseJson(response.body), key.connectorSlug);
  if (status === 404) return { found: false };
  if (status === 401 || status === 403) {
    throw new PlatformError('PLATFORM_AUTH_FAILED', `The Platform API refused the key with HTTP ${status}.`, {
      status,
    });
  }
  if (status === 429) {
    const retryAfterMs = parseRetryAfter(response.header('retry-after'), Date.now());
    throw new PlatformError('PLATFORM_RATE_LIMITED', 'The Platform API responded with HTTP 429.', {
      status,
      retryAfterMs,
    });
  }
  if (isOutage(status)) {
    const retryAfterMs = parseRetryAfter(response.header('retry-after'), Date.now());
    throw new PlatformError('PLATFORM_UNAVAILABLE', `The Platform API responded with HTTP ${status}.`, {
      status,
      retryAfterMs,
    });
  }
  throw new PlatformError('PLATFORM_BAD_RESPONSE', `The Platform API responded with HTTP ${status}.`, { status });
}

function isOutage(status: number): boolean {
  return status === 408 || status >= 500;
}

/**
 * Returns whether a proxy or a firewall responded in place of the Platform API, which sends no HTML. A proxy's 408, 429,
 * and 5xx still mean that the platform is not available now (docs/decisions/007).
 */
function isProxyPage({ status, header }: TransportResponse): boolean {
  return /^\s*text\/html\s*(?:;|$)/i.test(header('content-type') ?? '') && status !== 429 && !isOutage(status);
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses a body as strict JSON in UTF-8. ofetch would return invalid JSON as a string.
 * @throws {PlatformError} `PLATFORM_BAD_RESPONSE` if it is not JSON. The parser's error is dropped: it quotes the body
 */
function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(UTF_8.decode(body));
  } catch {
    const message = "The body of the Platform API's response is not JSON.";
    throw new PlatformError('PLATFORM_BAD_RESPONSE', message, { status: 200 });
  }
}
