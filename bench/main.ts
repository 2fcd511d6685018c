import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { Presets, SingleBar } from 'cli-progress';

import { document } from './document.js';
import { measureFootprints, measureWaiting } from './footprint.js';
import { checkAnswers } from './gate.js';
import type { Bench } from './measure.js';
import { startGateway, startInterpreted, startLoad, startPeer, startPlatform, type Target } from './processes.js';
import { describeMachine, type Results, toTables } from './report.js';
import { compare, compareLatencies, compareNewDocuments, findPeers, measureGrowth } from './sections.js';
import { findVerdicts } from './verdicts.js';

// Compares this project, as shipped and with all its protection, with its alternatives and with the physical limit on
// Node. Linux only, because it reads resource usage from /proc.
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout
    .write(`npm run bench              Runs everything in about twenty minutes. Writes docs/benchmark.json, docs/benchmark.svg and the tables of the documents.
npm run bench -- --quick   Runs only the comparison, in a minute. Writes nothing.
npm run bench -- --check   Checks only that all targets give the same responses, in half a minute. Writes nothing.
`);
  process.exit();
}
if (process.platform !== 'linux') {
  process.stderr.write(
    'The benchmark needs Linux, because it reads the CPU time and the memory of processes from /proc.\n',
  );
  process.exit(2);
}
if (!existsSync('bench/node_modules')) {
  process.stderr.write('Installing the peers, only this once …\n');
  execFileSync('npm', ['ci', '--prefix', 'bench', '--no-audit', '--no-fund'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

const platform = await startPlatform();
const load = startLoad();
const targets: Target[] = [];
for (const name of ['limit', ...findPeers()]) targets.push(await startPeer(name, platform.url));
targets.push(await startGateway(platform.url), await startInterpreted(platform.url));

const gates = await checkAnswers(platform, targets);
process.stdout.write('All targets give the same responses. Requests to the platform for one operation:\n\n');
process.stdout.write(`${toTables({ gates }).join('\n')}\n`);

if (!values.check) {
  // V8 needs about 10,000 operations of W1 to compile all the code: 5 s of warm-up.
  const effort = values.quick
    ? { warmUpMs: 700, repetitions: 3, ms: 300 }
    : { warmUpMs: 5_000, repetitions: 5, ms: 800 };
  const some = { warmUpMs: 500, repetitions: 5, ms: 400 };
  const comparison = compare(effort, targets);
  const newDocuments = compareNewDocuments(effort);
  const latencies = compareLatencies({ ...some, ms: 800 });
  const growth = measureGrowth({ ...some, warmUpMs: 2_000 });
  const footprints = measureFootprints(5, 2_000);
  const waiting = measureWaiting([1_000, 10_000]);
  const sections = values.quick ? [comparison] : [comparison, newDocuments, latencies, growth, footprints, waiting];

  const bar = new SingleBar(
    {
      format: ' {bar} {percentage} % | {duration_formatted}, {eta_formatted} left',
      etaBuffer: 50,
      stream: process.stderr,
    },
    Presets.shades_classic,
  );
  bar.start(
    sections.reduce((steps, section) => steps + section.steps, 0),
    0,
  );
  const bench: Bench = { send: load.send, start: 0, onStep: () => bar.increment() };
  const rest = async () => ({
    newDocuments: await newDocuments.run(bench, platform, targets),
    latencies: await latencies.run(bench, platform, targets),
    growth: await growth.run(bench, platform, targets),
    footprints: await footprints.run(bench, platform, targets),
    waiting: await waiting.run(bench, platform, targets),
  });
  const compared = await comparison.run(bench, platform, targets);
  const results: Results = {
    machine: describeMachine(),
    gates,
    comparison: compared,
    ...(values.quick ? {} : await rest()),
  };
  bar.stop();

  process.stdout.write(`\n${toTables(results).join('\n')}\n`);
  for (const { what, holds } of findVerdicts(results)) process.stdout.write(`${holds ? 'holds' : 'FAILS'}  ${what}\n`);
  if (!values.quick) document(results);
}

await Promise.all(targets.map((target) => target.stop()));
load.stop();
platform.stop();
