import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Runs the suites on each release line of Node, and writes the table of the guide. The npm package `node` has the
// binaries.

const LINES = ['20', '22', '24', '26'];
const SUITES = {
  core: ['test/domain', 'test/platform', 'test/loaders', 'test/schema', 'test/client'],
  stitching: ['test/host', '-t', 'stitch|graphql-tools|Apollo Server'],
  // The files are listed one by one. A file without a matching test would not close the servers that it starts.
  federation: ['composition', 'alignment', 'engines']
    .map((name) => `test/host/${name}.test.ts`)
    .concat('-t', 'subgraph|router|entities|Apollo Gateway|Hive Gateway'),
};

const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-'));
const rows: string[] = [];
let failed = 0;
for (const line of LINES) {
  const project = join(folder, line);
  execFileSync('npm', ['install', '--prefix', project, '--no-audit', '--no-fund', `node@${line}`], { stdio: 'pipe' });
  const node = join(project, 'node_modules/node/bin/node');
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
  const cells = Object.entries(SUITES).map(([name, args]) => {
    const { stdout } = spawnSync(node, ['node_modules/vitest/vitest.mjs', 'run', '--project', 'rules', ...args], {
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    });
    const [, outcome = 'did not run'] = /^ +Tests +(.*?)(?: \| \d+ skipped)? \(\d+\)$/m.exec(stdout) ?? [];
    process.stdout.write(`Node ${version}, ${name}: ${outcome}\n`);
    const isPassed = /^\d+ passed$/.test(outcome);
    if (!isPassed) failed += 1;
    return isPassed ? 'passes' : outcome;
  });
  rows.push(`| ${version} | ${cells.join(' | ')} |`);
}
rmSync(folder, { recursive: true });

const table = ['| Node | core | stitching | federation |', '| --- | --- | --- | --- |', ...rows].join('\n');
const GUIDE = 'docs/guides/module.md';
const guide = readFileSync(GUIDE, 'utf8');
writeFileSync(GUIDE, guide.replace(/(<!-- npm run compat -->\n\n)[\s\S]*?(?=\n\n)/, `$1${table}`));
process.exitCode = failed === 0 ? 0 : 1;
