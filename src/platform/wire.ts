import { hash } from 'node:crypto';
import { z } from 'zod';

import { AccessToken } from '../domain/access-token.js';
import type { AuthorizationReading } from '../domain/authorization.js';
import type { ConnectionReading } from '../domain/connection.js';
import type { Connector } from '../domain/connector.js';
import { PlatformError } from './errors.js';
import { createShownTexts, type ShownTexts } from './shown-text.js';

const text = z.string().nullish();

const wireConnector = z.object({
  slug: text,
  name: text,
  short_description: text,
  mark_url: text,
  about: text,
  description: text,
});

// The three generations of the API have a name each for the token.
const TOKEN_FIELDS = ['access_token', 'credential', 'access_credential'] as const;

const wireAuthorization = z.object({
  id: z.union([z.string(), z.number()]).nullish(),
  status: text,
  display_label: text,
  error_code: text,
  error_message: text,
  access_token: text,
  credential: text,
  access_credential: text,
});

const wireConnection = z.object({ id: text, enabled: z.boolean() });

// Read further once it is known which of the two envelopes holds them, and whether they matter at all.
const parts = { connector: z.unknown().optional(), authorization: z.unknown().optional() };
const wireBody = z.object({ connection: wireConnection.extend(parts), ...parts });

/** A connector as the Platform API writes it. */
export type WireConnector = z.input<typeof wireConnector>;
/** An authorization as the Platform API writes it. */
export type WireAuthorization = z.input<typeof wireAuthorization>;

/**
 * Reads the body of a 200: three siblings, or connector and authorization nested inside the connection. Where an
 * authorization is there twice, the sibling counts.
 *
 * @param connectorSlug the connector that was asked for
 * @throws {PlatformError} `PLATFORM_BAD_RESPONSE` if the body breaks the contract or is about another connector
 */
export function parseConnectionBody(body: unknown, connectorSlug: string): ConnectionReading {
  const { connection, ...sibling } = parse(wireBody, body);
  const authorization = sibling.authorization === undefined ? connection.authorization : sibling.authorization;
  const texts = createShownTexts([sibling.authorization, connection.authorization].flatMap(findTokens));
  return {
    found: true,
    enabled: connection.enabled,
    platformId: texts.label(connection.id) || null,
    connector: toConnector([sibling.connector, connection.connector], connectorSlug, texts),
    authorization: connection.enabled ? toAuthorizationReading(authorization, texts) : toLeftover(authorization, texts),
  };
}

/** Reads a connector from the envelopes, the first that has one. */
function toConnector(envelopes: readonly unknown[], connectorSlug: string, texts: ShownTexts): Connector {
  const wires = envelopes.map((raw) => parse(wireConnector.nullish(), raw));
  // A token of another connector must never be taken for the one that was asked for: neither envelope may name one.
  if (!wires.every((wire) => !wire?.slug || isSameSlug(wire.slug, connectorSlug))) {
    throw breach('The Platform API answered about another connector than the one asked for.');
  }
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

/** Compares slugs, letter case aside: both ways, since only ASCII letters survive both. */
function isSameSlug(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase() && a.toUpperCase() === b.toUpperCase();
}

/** Reads an authorization; absent, null and one without any value all mean that there is none. */
function toAuthorizationReading(raw: unknown, texts: ShownTexts): AuthorizationReading | null {
  const wire = parse(wireAuthorization.nullish(), raw);
  if (!wire || Object.values(wire).every((value) => value === null || value === undefined)) return null;
  if (typeof wire.status !== 'string') throw breach('The Platform API answered with an authorization without status.');
  const [token] = findTokens(wire);
  return {
    id: toId(wire.id, texts),
    status: wire.status,
    platformStatus: texts.label(wire.status) ?? '',
    displayLabel: texts.label(wire.display_label),
    errorCode: texts.label(wire.error_code),
    errorMessage: texts.message(wire.error_message),
    accessToken: token === undefined ? null : new AccessToken(token, fingerprintToken(token)),
  };
}

/** Reads what is left of the authorization of a connection that is not enabled: it decides nothing any more. */
function toLeftover(raw: unknown, texts: ShownTexts): AuthorizationReading | null {
  try {
    return toAuthorizationReading(raw, texts);
  } catch {
    return null;
  }
}

/** Finds what may be a token, under each of its names. */
function findTokens(authorization: unknown): string[] {
  if (typeof authorization !== 'object' || authorization === null) return [];
  return TOKEN_FIELDS.map((field): unknown => Reflect.get(authorization, field)).filter(
    (value): value is string => typeof value === 'string' && value !== '',
  );
}

/** Writes an id as text; a number that JSON could not hold exactly is no id. */
function toId(id: string | number | null | undefined, texts: ShownTexts): string | null {
  if (typeof id === 'number') return Number.isSafeInteger(id) ? String(id) : null;
  return texts.label(id);
}

/** Gives the first 16 hex digits of the SHA-256 of a token. */
function fingerprintToken(token: string): string {
  return hash('sha256', token, 'hex').slice(0, 16);
}

/** Keeps an address that a page may show as an image, and drops any other: a logo is no reason to fail. */
function toWebUrl(address: string | null | undefined, texts: ShownTexts): string | null {
  // What may not be shown as it is may not be asked for either.
  if (!address || !URL.canParse(address) || texts.markdown(address) !== address) return null;
  const url = new URL(address);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  // The validator's own error stays here: it may quote what it read.
  if (!result.success) throw breach('The Platform API answered with a body that breaks its contract.');
  return result.data;
}

function breach(message: string): PlatformError {
  return new PlatformError('PLATFORM_BAD_RESPONSE', message, { status: 200 });
}
