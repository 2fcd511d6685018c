import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Reads a file in a process of a user who may read only public files, and returns the problem. */
function findProblem(path: string): unknown {
  const script = `
    import { describeFileProblem, readTextFile } from './src/server/config/file-problem.ts';
    try {
      readTextFile(${JSON.stringify(path)});
    } catch (error) {
      console.log(JSON.stringify(describeFileProblem(error)));
    }`;
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const args = ['--import', 'tsx', '--input-type=module', '-e', script];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', ...nobody });
  expect(stderr).toBe('');
  return JSON.parse(stdout || 'null');
}

it.each([
  ['a missing file', 'there is no such file', () => undefined],
  ['a folder', 'it is a folder', () => join(folder)],
  [
    'a private file',
    'this program has no permission to read it',
    (path: string) => writeFileSync(path, '', { mode: 0 }),
  ],
  ['a file in Latin-1', 'it is not UTF-8 text', (path: string) => writeFileSync(path, Buffer.from([0xe9]))],
  ['a symbolic link to itself', 'ELOOP', (path: string) => symlinkSync(path, path)],
])('describes why %s cannot be read', (name, problem, prepare) => {
  chmodSync(folder, 0o755);
  const path = join(folder, name);
  const other = prepare(path);
  expect(findProblem(other ?? path)).toBe(problem);
});

it('reads a public file', () => {
  const path = join(folder, 'public');
  writeFileSync(path, '\ufefftext');
  expect(findProblem(path)).toBeNull();
});
