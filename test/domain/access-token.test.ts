import { inspect } from 'node:util';

import { expect, it } from 'vitest';

import { AccessToken, parseTokenFingerprint } from '../../src/domain/access-token.js';

const SECRET = 'xoxb-do-not-print';
const token = new AccessToken(SECRET, '0123456789abcdef');

it('shows its fingerprint in every way of printing it, and the secret in none', () => {
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

it('gives the secret when it is asked for by name', () => {
  expect(token.reveal()).toBe(SECRET);
});

it('takes a fingerprint in either case and refuses a whole token sent by mistake', () => {
  expect(parseTokenFingerprint('0123456789ABCDEF')).toBe('0123456789abcdef');
  expect(() => parseTokenFingerprint(SECRET)).toThrow('A token fingerprint must be 16 hex digits');
});
