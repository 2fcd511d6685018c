import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { findBreakingChanges } from '../support/schema-changes.js';

const sdl = readFileSync('schema.graphql', 'utf8').replaceAll(/"""[\s\S]*?"""\n/g, '');

it.each([
  ['a removed field', sdl.replace(/accessTokenFingerprint: String\n/, ''), 1],
  [
    'a newly required argument',
    sdl.replace('rejectedTokenFingerprint: String', 'rejectedTokenFingerprint: String!'),
    1,
  ],
  ['a newly nullable field', sdl.replace('state: ConnectionState!', 'state: ConnectionState'), 1],
  ['a removed enum value', sdl.replace(/TOKEN_REJECTED\n/, ''), 1],
  ['a new field', sdl.replace('enabled: Boolean!', 'enabled: Boolean!\n  since: String'), 0],
])('counts the breaking changes of %s', async (_, later, count) => {
  expect(later).not.toBe(sdl);
  expect(await findBreakingChanges(sdl, later)).toHaveLength(count);
});
