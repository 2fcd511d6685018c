import type { ArgsDef } from 'citty';
import { expect, it } from 'vitest';

import { checkArguments } from '../../src/cli/arguments.js';

const definitions: ArgsDef = { connector: { type: 'positional', required: true }, user: { type: 'string' } };

it('takes as many arguments as a command has, among its options', () => {
  expect(() => checkArguments('x', definitions, ['--user', 'alice', 'slack'])).not.toThrow();
});

it.each([
  [['--user', 'alice'], 'The connector must be given.'],
  [['slack', 'github'], "Unexpected argument 'github'."],
])('refuses %o, a value too few or too many', (args, problem) => {
  expect(() => checkArguments('x', definitions, args)).toThrow(`${problem}\nSee: x --help`);
});
