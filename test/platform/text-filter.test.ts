import { expect, it } from 'vitest';

import { createShownTexts } from '../../src/platform/text-filter.js';

const token = 'ya29.a0/AbC+dEf=secret~tok en/0123456789abcdef?';
const texts = createShownTexts([token, 'short', 'sevens7']);

it.each<[string, string]>([
  ['as it is', token],
  ['in a URL', encodeURIComponent(token)],
  ['in a URL, in small letters', encodeURIComponent(token).replaceAll(/%../g, (code) => code.toLowerCase())],
  ['in a form', new URLSearchParams({ token }).toString().slice('token='.length)],
  [
    'in JSON',
    JSON.stringify(token)
      .slice(1, -1)
      .replaceAll('/', String.raw`\/`),
  ],
  ['in Base64', Buffer.from(token).toString('base64')],
  ['in Base64 behind something', Buffer.from(`x:${token}`).toString('base64').slice(4)],
  ['in Base64url behind something', Buffer.from(`xy:${token}`).toString('base64url').slice(4)],
  ['cut off', token.slice(0, -3)],
  ['from its middle on', token.slice(20)],
  ['with a line break in it', `${token.slice(0, 9)}\n${token.slice(9)}`],
  ['with letters in it that nobody sees', [...token].join('\u200b')],
  ['twice', `${token}${token}`],
])('takes out a token that a text quotes %s', (_, quoted) => {
  const shown = texts.message(`GET https://x.example/?t=${quoted}`) ?? '';
  expect(shown).toMatch(/^GET https:\/\/x\.example\/\?t=.*\[redacted\]/);
  // Nothing is left of it that is long enough to find the rest by.
  for (let start = 0; start + 16 <= quoted.length; start += 1)
    expect(shown).not.toContain(quoted.slice(start, start + 16));
});

it('leaves a text alone that quotes none', () => {
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

it('takes a short token out as a whole, and none that is too short to be one', () => {
  expect(texts.label('sevens7, short')).toBe('[redacted], short');
});

it('takes the time for a long text and a long token that it may', () => {
  const long = createShownTexts([Array.from({ length: 60_000 }, (_, index) => index.toString(36)).join('')]);
  const startedAt = performance.now();
  long.markdown('x'.repeat(1_000_000));
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});
