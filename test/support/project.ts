import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly devDependencies: Record<string, string>;
};

/** Returns the argument of `npm install` for a package in the version that this repository uses. */
export const pinned = (name: string) => `${name}@${devDependencies[name]}`;

/** Packs the package, for projects that install it. */
export function createProjects() {
  const root = mkdtempSync(join(tmpdir(), 'xkit-graphql-'));
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', root], { encoding: 'utf8' }),
  ) as { filename: string; files: { path: string }[] }[];
  return {
    /** The paths of the files in the package. */
    files: packed?.files.map(({ path }) => path) ?? [],
    /** Creates a project with this package and others, in the versions that this repository uses. Returns its path. */
    create(name: string, others: readonly string[]): string {
      const project = join(root, name);
      mkdirSync(project);
      writeFileSync(join(project, 'package.json'), '{ "private": true }');
      addPackages(project, [join(root, packed?.filename ?? ''), ...others.map(pinned)]);
      return project;
    },
    remove: () => rmSync(root, { recursive: true }),
  };
}

/** Installs packages in a project. */
export function addPackages(project: string, packages: readonly string[]): void {
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...packages], {
    cwd: project,
    stdio: 'pipe',
  });
}

/** Runs a file of a project, and returns its output. */
export function run(project: string, file: string, text: string, env: NodeJS.ProcessEnv = process.env): string {
  writeFileSync(join(project, file), text);
  return execFileSync(process.execPath, ['--no-warnings', file], { cwd: project, encoding: 'utf8', env });
}
