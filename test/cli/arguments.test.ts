import type { ArgsDef } from 'citty';
import { expect, it } from 'vitest';

import { checkArguments } from '../../src/cli/arguments.js';

const definitions: ArgsDef = { connector: { type: 'positional', required: true }, user: { type: 'string' } };

it('accepts the arguments of a command among its options', () => {
  expect(() => checkArguments('x', definitions, ['--user', 'alice', 'slack'])).not.toThrow();
});

it.each([
  [['--user', 'alice'], "Missing argument 'connector'."],
  [['slack', 'github'], "Unexpected argument 'github'."],
])('refuses %o, with a missing or an unexpected argument', (args, problem) => {
  expect(() => checkArguments('x', definitions, args)).toThrow(`${problem}\nSee: x --help`);
});
