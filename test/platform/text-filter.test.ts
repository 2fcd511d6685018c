import { expect, it } from 'vitest';

import { createShownTexts } from '../../src/platform/text-filter.js';

const token = 'ya29.a0/AbC+dEf=secret~tok en/0123456789abcdef?';
const texts = createShownTexts([token, 'short', 'sevens7']);

it.each<[string, string]>([
  ['unchanged', token],
  ['in a URL', encodeURIComponent(token)],
  ['in a URL, in lower case', encodeURIComponent(token).replaceAll(/%../g, (code) => code.toLowerCase())],
  ['in a form', new URLSearchParams({ token }).toString().slice('token='.length)],
  [
    'in JSON',
    JSON.stringify(token)
      .slice(1, -1)
      .replaceAll('/', String.raw`\/`),
  ],
  ['in Base64', Buffer.from(token).toString('base64')],
  ['in Base64 after other text', Buffer.from(`x:${token}`).toString('base64').slice(4)],
  ['in Base64url after other text', Buffer.from(`xy:${token}`).toString('base64url').slice(4)],
  ['without its end', token.slice(0, -3)],
  ['without its beginning', token.slice(20)],
  ['with a line break in it', `${token.slice(0, 9)}\n${token.slice(9)}`],
  ['with invisible characters in it', [...token].join('\u200b')],
  ['twice', `${token}${token}`],
])('redacts a token that a text quotes %s', (_, quoted) => {
  const shown = texts.message(`GET https://x.example/?t=${quoted}`) ?? '';
  expect(shown).toMatch(/^GET https:\/\/x\.example\/\?t=.*\[redacted\]/);
  // No part of the token remains that is long enough to identify it.
  for (let start = 0; start + 16 <= quoted.length; start += 1)
    expect(shown).not.toContain(quoted.slice(start, start + 16));
});

it('does not change a text that quotes no token', () => {
  for (const text of [
    'The connection was refused: see https://docs.example.com/errors/invalid_grant?lang=en',
    'Familie 👨‍👩‍👧 Grün',
    'A short word is no secret, and 0123456789 is a part of many.',
    'x'.repeat(1_024),
  ]) {
    expect(texts.message(text)).toBe(text);
  }
  expect(createShownTexts([]).message(token)).toBe(token);
});

it('redacts a token of seven characters, but not one of five', () => {
  expect(texts.label('sevens7, short')).toBe('[redacted], short');
});

it('filters a long text with a long token within one second', () => {
  const long = createShownTexts([Array.from({ length: 60_000 }, (_, index) => index.toString(36)).join('')]);
  const startedAt = performance.now();
  long.markdown('x'.repeat(1_000_000));
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});
