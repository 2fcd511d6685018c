import { execFileSync } from 'node:child_process';

import { expect, it } from 'vitest';

const SOURCE = JSON.stringify(new URL('../../src/server/v8-flags.ts', import.meta.url).href);
const SET_FLAGS = `(await import(${SOURCE})).setV8Flags();`;

/** Runs a program with flags that have V8 tell what it does, and gives what is printed. */
function run(flags: readonly string[], program: string): string {
  const args = [...flags, '--input-type=module', '--import', 'tsx', '--eval', program];
  return execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 15_000 });
}

/** Keeps some of what it makes for a while. */
const KEEP = `
  const kept = [];
  for (let index = 0; index < 3e6; index += 1) kept[index % 2e5] = { index };`;

/** Says how long helper threads collected, in milliseconds. */
function measureHelpers(before: string): number {
  const output = run(['--trace-gc', '--trace-gc-nvp'], before + KEEP);
  const times = [...output.matchAll(/ gc=s .* background\.scavenge\.parallel=([\d.]+)/g)].map(([, ms]) => Number(ms));
  expect(times.length).toBeGreaterThan(10);
  // The first ones may come before.
  return times.slice(-5).reduce((sum, ms) => sum + ms, 0);
}

it('has young objects collected by the main thread alone', () => {
  expect(measureHelpers('')).toBeGreaterThan(0);
  expect(measureHelpers(SET_FLAGS)).toBe(0);
});

it('has no objects made old, however long those before them lived', () => {
  const findDecisions = (before: string) =>
    run(['--trace-pretenuring-statistics'], `${before} for (let round = 0; round < 3; round += 1) {${KEEP}}`)
      .split('\n')
      .filter((line) => line.includes('AllocationSite'));
  expect(findDecisions('')).not.toEqual([]);
  expect(findDecisions(SET_FLAGS)).toEqual([]);
});

it('has WebAssembly compiled once', () => {
  // (func (export "count") (param i32) (result i32) (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (local.get 0))
  const module =
    '0061736d0100000001060160017f017f0302010007090105636f756e7400000a120110000340200041016b22000d000b20000b';
  const isFirstCode = (before: string) =>
    run(
      ['--allow-natives-syntax'],
      `${before}
      const module = new WebAssembly.Module(Buffer.from('${module}', 'hex'));
      const { count } = new WebAssembly.Instance(module).exports;
      for (let round = 0; round < 200; round += 1) count(1e5);
      await new Promise((resolve) => setTimeout(resolve, 500));
      count(1);
      console.log(%IsLiftoffFunction(count));`,
    ).trim();
  expect(isFirstCode('')).toBe('false');
  expect(isFirstCode(SET_FLAGS)).toBe('true');
});
