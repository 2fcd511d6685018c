import { execFileSync } from 'node:child_process';

import { expect, it } from 'vitest';

const SOURCE = JSON.stringify(new URL('../../src/cli/v8-flags.ts', import.meta.url).href);
const SET_FLAGS = `(await import(${SOURCE})).setV8Flags();`;

/** Runs a program with V8's trace flags, and returns its output. */
function run(flags: readonly string[], program: string): string {
  const args = [...flags, '--input-type=module', '--import', 'tsx', '--eval', program];
  return execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 15_000 });
}

/** A program that keeps some of its objects for a while. */
const KEEP = `
  const kept = [];
  for (let index = 0; index < 3e6; index += 1) kept[index % 2e5] = { index };`;

/** Returns the time for which helper threads collected garbage, in milliseconds. */
function measureHelpers(before: string): number {
  const output = run(['--trace-gc', '--trace-gc-nvp'], before + KEEP);
  const times = [...output.matchAll(/ gc=s .* background\.scavenge\.parallel=([\d.]+)/g)].map(([, ms]) => Number(ms));
  expect(times.length).toBeGreaterThan(10);
  // The first collections may run before the flags are set.
  return times.slice(-5).reduce((sum, ms) => sum + ms, 0);
}

// Node 26 reads two of the flags only when it starts, so setting them there has no effect (docs/decisions/030).
const isNode26 = process.versions.node.startsWith('26.');

it.skipIf(isNode26)('collects young objects only in the main thread', () => {
  expect(measureHelpers('')).toBeGreaterThan(0);
  expect(measureHelpers(SET_FLAGS)).toBe(0);
});

it('does not allocate objects in the old generation, even if earlier ones lived long', () => {
  const findDecisions = (before: string) =>
    run(['--trace-pretenuring-statistics'], `${before} for (let round = 0; round < 3; round += 1) {${KEEP}}`)
      .split('\n')
      .filter((line) => line.includes('AllocationSite'));
  expect(findDecisions('')).not.toEqual([]);
  expect(findDecisions(SET_FLAGS)).toEqual([]);
});

it.skipIf(isNode26)("compiles undici's response parser in less memory", () => {
  const measureMebibytes = (before: string) =>
    // Without optimized JavaScript, whose memory differs from run to run.
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
  expect(measureMebibytes(SET_FLAGS)).toBeLessThan(measureMebibytes('') * 0.9);
});
