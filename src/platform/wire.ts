import { hash } from 'node:crypto';
import { z } from 'zod';

import { AccessToken } from '../domain/access-token.js';
import type { AuthorizationReading } from '../domain/authorization.js';
import type { ConnectionReading } from '../domain/connection.js';
import type { Connector } from '../domain/connector.js';
import { PlatformError } from './errors.js';

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
 * Reads the body of a 200: three siblings, or connector and authorization nested inside the connection. Where a
 * part is there twice, the sibling counts.
 *
 * @param connectorSlug the connector that was asked for
 * @throws {PlatformError} `PLATFORM_BAD_RESPONSE` if the body breaks the contract or is about another connector
 */
export function parseConnectionBody(body: unknown, connectorSlug: string): ConnectionReading {
  const { connection, ...sibling } = parse(wireBody, body);
  const connector = sibling.connector === undefined ? connection.connector : sibling.connector;
  const authorization = sibling.authorization === undefined ? connection.authorization : sibling.authorization;
  return {
    found: true,
    enabled: connection.enabled,
    platformId: connection.id || null,
    connector: toConnector(connector, connectorSlug),
    authorization: connection.enabled ? toAuthorizationReading(authorization) : toLeftover(authorization),
  };
}

function toConnector(raw: unknown, connectorSlug: string): Connector {
  const wire = parse(wireConnector.nullish(), raw);
  const slug = wire?.slug || connectorSlug;
  // A token of another connector must never be taken for the one that was asked for.
  if (slug.toLowerCase() !== connectorSlug.toLowerCase()) {
    throw breach('The Platform API answered about another connector than the one asked for.');
  }
  return {
    slug,
    name: wire?.name ?? null,
    shortDescription: wire?.short_description ?? null,
    markUrl: toWebUrl(wire?.mark_url),
    about: wire?.about ?? null,
    description: wire?.description ?? null,
  };
}

/** Reads an authorization; absent, null and one without any value all mean that there is none. */
function toAuthorizationReading(raw: unknown): AuthorizationReading | null {
  const wire = parse(wireAuthorization.nullish(), raw);
  if (!wire || Object.values(wire).every((value) => value === null || value === undefined)) return null;
  if (typeof wire.status !== 'string') throw breach('The Platform API answered with an authorization without status.');
  const token = TOKEN_FIELDS.map((field) => wire[field]).find((value) => typeof value === 'string' && value !== '');
  return {
    id: wire.id === null || wire.id === undefined ? null : String(wire.id),
    status: wire.status,
    displayLabel: wire.display_label ?? null,
    errorCode: wire.error_code ?? null,
    errorMessage: wire.error_message ?? null,
    accessToken: token ? new AccessToken(token, fingerprintToken(token)) : null,
  };
}

/** Reads what is left of the authorization of a connection that is not enabled: it decides nothing any more. */
function toLeftover(raw: unknown): AuthorizationReading | null {
  try {
    return toAuthorizationReading(raw);
  } catch {
    return null;
  }
}

/** Gives the first 16 hex digits of the SHA-256 of a token. */
function fingerprintToken(token: string): string {
  return hash('sha256', token, 'hex').slice(0, 16);
}

/** Keeps an address that a page may show as an image, and drops any other: a logo is no reason to fail. */
function toWebUrl(address: string | null | undefined): string | null {
  if (!address || !URL.canParse(address)) return null;
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
