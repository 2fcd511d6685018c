import fc from 'fast-check';
import { expect, it } from 'vitest';

import { type ConnectionKey, formatConnectionKey, parseConnectionKey } from '../../src/domain/connection-key.js';

const key = (ownerId: string, connectorSlug = 'slack'): ConnectionKey => ({
  ownerKind: 'USER',
  ownerId,
  connectorSlug,
});
const anyKey = fc.record({
  ownerKind: fc.constantFrom('USER' as const, 'GROUP' as const),
  ownerId: fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  connectorSlug: fc.oneof(
    fc.constantFrom('slack', ':', '%3A', 'USER'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
  ),
});

it.each([
  ['', 'The user id must not be empty.'],
  ['.', 'The user id must not consist only of dots.'],
  ['..', 'The user id must not consist only of dots.'],
  ['....', 'The user id must not consist only of dots.'],
  ['a\nb', 'The user id must not contain control characters.'],
  ['a\u0000', 'The user id must not contain control characters.'],
  ['a\u009b', 'The user id must not contain control characters.'],
  ['\ud800', 'The user id must be well-formed Unicode, without lone surrogates.'],
  ['x'.repeat(257), 'The user id must be at most 256 characters long.'],
])('refuses the id %j', (ownerId, message) => {
  expect(() => parseConnectionKey(key(ownerId))).toThrow(message);
});

it.each([
  ['', 'The connector slug must not be empty.'],
  ['..', 'The connector slug must not consist only of dots.'],
  ['s\tlack', 'The connector slug must not contain control characters.'],
  ['x'.repeat(65), 'The connector slug must be at most 64 characters long.'],
])('refuses the slug %j', (slug, message) => {
  expect(() => parseConnectionKey(key('alice', slug))).toThrow(message);
});

it('names the group id in an error, and refuses an unknown owner kind and an id that is not a string', () => {
  expect(() => parseConnectionKey({ ...key(''), ownerKind: 'GROUP' })).toThrow('The group id must not be empty.');
  expect(() => parseConnectionKey({ ...key('a'), ownerKind: 'TEAM' as 'USER' })).toThrow(
    'The owner kind must be USER or GROUP.',
  );
  expect(() => parseConnectionKey(key(7 as unknown as string))).toThrow('The user id must be a string.');
});

it.each(['auth0|5f7c', 'a/b', 'ümlaut@example.com', '.hidden', 'a..b', '%2e%2e', ' ', '💡', 'x'.repeat(256)])(
  'accepts the id %j',
  (ownerId) => {
    expect(parseConnectionKey(key(ownerId))).toEqual(key(ownerId));
  },
);

it('formats two keys as the same text only if they are equal', () => {
  fc.assert(
    fc.property(anyKey, anyKey, (a, b) => {
      fc.pre(isAccepted(a) && isAccepted(b));
      const same = a.ownerKind === b.ownerKind && a.ownerId === b.ownerId && a.connectorSlug === b.connectorSlug;
      expect(formatConnectionKey(a) === formatConnectionKey(b)).toBe(same);
    }),
    { numRuns: 2_000 },
  );
});

it('formats any key so that it can be parsed back', () => {
  fc.assert(
    fc.property(anyKey, (one) => {
      fc.pre(isAccepted(one));
      const [ownerKind, ownerId, connectorSlug] = formatConnectionKey(one).split(':').map(decodeURIComponent);
      expect({ ownerKind, ownerId, connectorSlug }).toEqual(one);
    }),
    { numRuns: 2_000 },
  );
});

function isAccepted(candidate: ConnectionKey): boolean {
  try {
    parseConnectionKey(candidate);
    return true;
  } catch {
    return false;
  }
}
