import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { findBreakingChanges } from '../support/schema-changes.js';

const sdl = readFileSync('schema.graphql', 'utf8').replaceAll(/"""[\s\S]*?"""\n/g, '');

it.each([
  ['a field that went', sdl.replace(/accessTokenFingerprint: String\n/, ''), 1],
  [
    'an argument that is required now',
    sdl.replace('rejectedTokenFingerprint: String', 'rejectedTokenFingerprint: String!'),
    1,
  ],
  ['a field that may be null now', sdl.replace('state: ConnectionState!', 'state: ConnectionState'), 1],
  ['an enum value that went', sdl.replace(/TOKEN_REJECTED\n/, ''), 1],
  ['a field that came', sdl.replace('enabled: Boolean!', 'enabled: Boolean!\n  since: String'), 0],
])('tells of %s what it breaks', async (_, later, count) => {
  expect(later).not.toBe(sdl);
  expect(await findBreakingChanges(sdl, later)).toHaveLength(count);
});
