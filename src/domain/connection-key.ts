import { InvalidInputError } from './invalid-input.js';
import { hasControlCharacter, isPlainSegment, toSegment } from './text.js';

/** The kind of a connection's owner. A group has the best connection among its users. */
export type OwnerKind = 'USER' | 'GROUP';

/** Identifies one connection: an owner and a connector. Callers request it, and lookups are keyed by it. */
export interface ConnectionKey {
  readonly ownerKind: OwnerKind;
  /** The customer's own id of the user or group. Opaque, 1 to 256 UTF-16 code units. */
  readonly ownerId: string;
  /** The requested connector, 1 to 64 UTF-16 code units. */
  readonly connectorSlug: string;
}

const MAX_OWNER_ID_LENGTH = 256;
const MAX_CONNECTOR_SLUG_LENGTH = 64;

/**
 * Checks the parts of a connection key. Each part becomes one URL path segment and must survive that unchanged: a lone
 * surrogate has no UTF-8 form, and `.` or `..` leave the path even when percent-encoded.
 *
 * @throws {InvalidInputError} with the part and what is wrong with it
 */
export function parseConnectionKey(key: ConnectionKey): ConnectionKey {
  if (key instanceof ParsedConnectionKey) return key;
  const { ownerKind, ownerId, connectorSlug } = key;
  if (ownerKind !== 'USER' && ownerKind !== 'GROUP') {
    throw new InvalidInputError('The owner kind must be USER or GROUP.');
  }
  requireSegment(ownerKind === 'USER' ? 'user id' : 'group id', ownerId, MAX_OWNER_ID_LENGTH);
  requireSegment('connector slug', connectorSlug, MAX_CONNECTOR_SLUG_LENGTH);
  return new ParsedConnectionKey(ownerKind, ownerId, connectorSlug);
}

/** A checked key. It caches its text, which a lookup needs about six times. */
class ParsedConnectionKey implements ConnectionKey {
  #text: string | null = null;

  constructor(
    readonly ownerKind: OwnerKind,
    readonly ownerId: string,
    readonly connectorSlug: string,
  ) {
    // A host must not change a checked key.
    Object.freeze(this);
  }

  static textOf(key: ParsedConnectionKey): string {
    return (key.#text ??= writeKey(key));
  }
}

/**
 * Formats a connection key as one string, such as `USER:auth0%7C5f7c:slack`. It is unambiguous for every key that
 * {@link parseConnectionKey} accepts, because `:` and `%` are escaped in each part.
 */
export function formatConnectionKey(key: ConnectionKey): string {
  return key instanceof ParsedConnectionKey ? ParsedConnectionKey.textOf(key) : writeKey(key);
}

function writeKey({ ownerKind, ownerId, connectorSlug }: ConnectionKey): string {
  return `${ownerKind}:${toSegment(ownerId)}:${toSegment(connectorSlug)}`;
}

/** Formats a connection key as an opaque id: the base64url of its text. */
export function formatConnectionId(key: ConnectionKey): string {
  return btoa(formatConnectionKey(key)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * Parses an id from {@link formatConnectionId}.
 *
 * @throws {InvalidInputError} for any other text, so that each connection has one id
 */
export function parseConnectionId(id: string): ConnectionKey {
  const key = readConnectionId(id);
  if (key === null || formatConnectionId(key) !== id) {
    throw new InvalidInputError('The connection id does not come from this gateway.');
  }
  return parseConnectionKey(key);
}

function readConnectionId(id: string): ConnectionKey | null {
  try {
    const text = atob(id.replaceAll('-', '+').replaceAll('_', '/'));
    const [ownerKind = '', ownerId = '', connectorSlug = ''] = text.split(':').map(decodeURIComponent);
    return { ownerKind: ownerKind as OwnerKind, ownerId, connectorSlug };
  } catch {
    // Invalid base64 or percent-encoding.
    return null;
  }
}

function requireSegment(part: string, value: unknown, maxLength: number): void {
  const problem = findProblem(value, maxLength);
  const isTooLong = typeof value === 'string' && value.length > maxLength;
  if (problem !== null) throw new InvalidInputError(`The ${part} ${problem}.`, isTooLong);
}

function findProblem(value: unknown, maxLength: number): string | null {
  if (typeof value !== 'string') return 'must be a string';
  if (value === '') return 'must not be empty';
  if (value.length > maxLength) return `must be at most ${maxLength} characters long`;
  if (isPlainSegment(value)) return null;
  if (hasControlCharacter(value)) return 'must not contain control characters';
  if (!value.isWellFormed()) return 'must be well-formed Unicode, without lone surrogates';
  if (/^\.+$/.test(value)) return 'must not consist only of dots';
  return null;
}
