import { execFileSync } from 'node:child_process';

import { expect, it } from 'vitest';

it('has every target of the benchmark give the right answers, ours with as few requests as there can be', () => {
  // Installs the peers where they are not yet.
  const printed = execFileSync(process.execPath, ['--import', 'tsx', 'bench/main.ts', '--check'], { encoding: 'utf8' });
  expect(printed).toMatch(/\| xkit-graphql +\| 1 +\| 20 +\| 10 +\| 10 +\| 50 +\|/);
  expect(printed).toMatch(/\| xkit-graphql, interpreted \| 1 +\| 20 +\| 10 +\| 10 +\| 50 +\|/);
  expect(printed).toMatch(/\| limit +\| 1 +\| 20 +\| 10 +\| 10 +\| 50 +\|/);
}, 300_000);
