import { inspect } from 'node:util';

import { expect, it } from 'vitest';

import { AccessToken, parseTokenFingerprint } from '../../src/domain/access-token.js';

const SECRET = 'xoxb-do-not-print';
const token = new AccessToken(SECRET, '0123456789abcdef');

it('is printed as its fingerprint, never as the secret', () => {
  const printed = [
    String(token),
    `${token}`,
    JSON.stringify({ token }),
    inspect(token, { showHidden: true, depth: 9 }),
    inspect({ deep: [{ token }] }, { depth: 9 }),
    JSON.stringify(Object.entries(token)),
    JSON.stringify(structuredClone({ ...token })),
  ];
  for (const text of printed) expect(text).not.toContain(SECRET);
  expect(String(token)).toBe('[access token 0123456789abcdef]');
});

it('returns the secret from reveal()', () => {
  expect(token.reveal()).toBe(SECRET);
});

it('converts a fingerprint to lower case, and refuses a whole token', () => {
  expect(parseTokenFingerprint('0123456789ABCDEF')).toBe('0123456789abcdef');
  expect(() => parseTokenFingerprint(SECRET)).toThrow('A token fingerprint must be 16 hex digits');
});
