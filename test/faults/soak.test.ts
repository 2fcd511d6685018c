import { spawnSync } from 'node:child_process';

import { expect, it } from 'vitest';

it('returns no wrong result in a short soak test', { timeout: 120_000 }, () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'bench/soak/main.ts', '--requests', '5000'],
    { encoding: 'utf8', timeout: 110_000 },
  );
  expect(`${stdout}${stderr}`).toMatch(/ {2}wrong responses +0\n/);
  expect(stdout).not.toContain('✗');
  expect(status).toBe(0);
});

it('reports the valid values of a soak option', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'bench/soak/main.ts', '--requests', 'many'],
    { encoding: 'utf8' },
  );
  expect([status, stderr]).toEqual([2, '--requests must be a whole number from 1 to 999999999.\n']);
});
