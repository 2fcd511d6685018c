import { execFileSync } from 'node:child_process';

import { expect, it } from 'vitest';

const SOURCE = JSON.stringify(new URL('../../src/cli/v8-flags.ts', import.meta.url).href);
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

it("has undici's parser of answers compiled in less memory", () => {
  const measureMebibytes = (before: string) =>
    // Without what is compiled of JavaScript, which differs from run to run.
    Number(
      run(
        ['--no-opt'],
        `${before}
        const { once } = await import('node:events');
        const { createServer } = await import('node:http');
        const { getHeapStatistics } = await import('node:v8');
        const { Client } = await import('undici');
        const server = createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1');
        await once(server, 'listening');
        const client = new Client('http://127.0.0.1:' + server.address().port);
        for (let sent = 0; sent < 2000; sent += 1) {
          await (await client.request({ path: '/', method: 'GET' })).body.dump();
        }
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        console.log(getHeapStatistics().peak_malloced_memory / 2 ** 20);
        process.exit();`,
      ),
    );
  const usual = measureMebibytes('');
  expect(usual).toBeGreaterThan(20);
  expect(measureMebibytes(SET_FLAGS)).toBeLessThan(usual * 0.8);
});
