import { spawnSync } from 'node:child_process';

import { expect, it } from 'vitest';

it('answers nothing wrong in a short soak', { timeout: 120_000 }, () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'bench/soak/main.ts', '--requests', '5000'],
    { encoding: 'utf8', timeout: 110_000 },
  );
  expect(`${stdout}${stderr}`).toMatch(/ {2}wrong answers +0\n/);
  expect(stdout).not.toContain('✗');
  expect(status).toBe(0);
});

it('says what its options may be', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'bench/soak/main.ts', '--requests', 'many'],
    { encoding: 'utf8' },
  );
  expect([status, stderr]).toEqual([2, '--requests must be a whole number from 1 to 999999999.\n']);
});
