import { execFileSync } from 'node:child_process';

import { expect, it } from 'vitest';

/** Keeps some of what it makes for a while, and says how long helper threads collected for it, in milliseconds. */
function measureHelpers(before: string): number {
  const program = `${before}
    const kept = [];
    for (let index = 0; index < 3e6; index += 1) kept[index % 2e5] = { index };`;
  const args = ['--trace-gc', '--trace-gc-nvp', '--input-type=module', '--import', 'tsx', '--eval', program];
  const output = execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 15_000 });
  const times = [...output.matchAll(/ gc=s .* background\.scavenge\.parallel=([\d.]+)/g)].map(([, ms]) => Number(ms));
  expect(times.length).toBeGreaterThan(10);
  // The first ones may come before.
  return times.slice(-5).reduce((sum, ms) => sum + ms, 0);
}

it('has young objects collected by the main thread alone', () => {
  const source = JSON.stringify(new URL('../../src/server/collector.ts', import.meta.url).href);
  expect(measureHelpers('')).toBeGreaterThan(0);
  expect(measureHelpers(`(await import(${source})).collectOnMainThread();`)).toBe(0);
});
