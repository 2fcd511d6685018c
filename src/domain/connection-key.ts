import { InvalidInputError } from './invalid-input.js';
import { hasControlCharacter, isPlainSegment, toSegment } from './text.js';

/** Says whose connection it is: one user's, or the best one among a group's users. */
export type OwnerKind = 'USER' | 'GROUP';

/** Names one connection: an owner and a connector. What a caller asks for, and what a lookup is keyed by. */
export interface ConnectionKey {
  readonly ownerKind: OwnerKind;
  /** The customer's own id of the user or group; opaque, 1 to 256 UTF-16 code units. */
  readonly ownerId: string;
  /** The connector as asked for, 1 to 64 UTF-16 code units. */
  readonly connectorSlug: string;
}

/** Longest owner id accepted, in UTF-16 code units. */
const MAX_OWNER_ID_LENGTH = 256;
/** Longest connector slug accepted, in UTF-16 code units. */
const MAX_CONNECTOR_SLUG_LENGTH = 64;

/**
 * Checks the parts of a connection key.
 *
 * Every part travels as one URL path segment, so it must survive that trip unchanged: a lone surrogate has no
 * UTF-8 form, and `.` or `..` leave the path even when percent-encoded.
 *
 * @throws {InvalidInputError} naming the part and what is wrong with it
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

/** A key that was checked. It remembers its text, which a lookup needs half a dozen times. */
class ParsedConnectionKey implements ConnectionKey {
  #text: string | null = null;

  constructor(
    readonly ownerKind: OwnerKind,
    readonly ownerId: string,
    readonly connectorSlug: string,
  ) {
    // What was checked stays as it is, whatever a host does with it.
    Object.freeze(this);
  }

  static textOf(key: ParsedConnectionKey): string {
    return (key.#text ??= writeKey(key));
  }
}

/**
 * Writes a connection key as one string: `USER:auth0%7C5f7c:slack`.
 *
 * Unambiguous for every key that {@link parseConnectionKey} accepts, since `:` and `%` are escaped in each part.
 */
export function formatConnectionKey(key: ConnectionKey): string {
  return key instanceof ParsedConnectionKey ? ParsedConnectionKey.textOf(key) : writeKey(key);
}

function writeKey({ ownerKind, ownerId, connectorSlug }: ConnectionKey): string {
  return `${ownerKind}:${toSegment(ownerId)}:${toSegment(connectorSlug)}`;
}

/** Writes a connection key as an id that invites nobody to take it apart: base64url of its text. */
export function formatConnectionId(key: ConnectionKey): string {
  return btoa(formatConnectionKey(key)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * Reads what {@link formatConnectionId} wrote.
 *
 * @throws {InvalidInputError} unless it is exactly that: each connection has one id
 */
export function parseConnectionId(id: string): ConnectionKey {
  const key = readConnectionId(id);
  if (key === null || formatConnectionId(key) !== id) {
    throw new InvalidInputError('The connection id is none that this gateway gave.');
  }
  return parseConnectionKey(key);
}

function readConnectionId(id: string): ConnectionKey | null {
  try {
    const text = atob(id.replaceAll('-', '+').replaceAll('_', '/'));
    const [ownerKind = '', ownerId = '', connectorSlug = ''] = text.split(':').map(decodeURIComponent);
    return { ownerKind: ownerKind as OwnerKind, ownerId, connectorSlug };
  } catch {
    // Neither base64 nor percent-encoded.
    return null;
  }
}

function requireSegment(part: string, value: unknown, maxLength: number): void {
  const problem = findProblem(value, maxLength);
  if (problem !== null) throw new InvalidInputError(`The ${part} ${problem}.`);
}

function findProblem(value: unknown, maxLength: number): string | null {
  if (typeof value !== 'string') return 'must be a string';
  if (value === '') return 'must not be empty';
  if (value.length > maxLength) return `must be at most ${maxLength} characters long`;
  if (isPlainSegment(value)) return null;
  if (hasControlCharacter(value)) return 'must not contain control characters';
  if (!value.isWellFormed()) return 'must be well-formed Unicode, without lone surrogates';
  if (/^\.+$/.test(value)) return 'must not consist of dots only';
  return null;
}
