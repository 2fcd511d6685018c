import { expect, it } from 'vitest';

import { parseRetryAfter } from '../../src/platform/retry.js';

const now = Date.parse('Sun, 22 Nov 2026 12:00:00 GMT');

it.each([
  ['0', 0],
  ['120', 120_000],
  [' 7 ', 7_000],
  ['Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
  ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
  [null, undefined],
  ['', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['1e3', undefined],
  ['soon', undefined],
  ['99999999999999999999', undefined],
  ['Sun, 99 Nov 2026 12:00:30 GMT', undefined],
  ['2026-11-22T12:00:30Z', undefined],
  ['Fri, 31 Dec 9999 23:59:59 GMT', undefined],
])('reads Retry-After %j as %j ms', (header, ms) => {
  expect(parseRetryAfter(header, now)).toBe(ms);
});
