import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };
/** What an import of the package's root may need, and nothing else. */
const OF_THE_ROOT = ['@pothos/core', 'dataloader', 'ofetch', 'undici', 'zod', 'graphql'];

const root = mkdtempSync(join(tmpdir(), 'xkit-graphql-'));
const bare = join(root, 'bare');
const full = join(root, 'full');
let files: string[];

beforeAll(() => {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', root], { encoding: 'utf8' }),
  ) as { filename: string; files: { path: string }[] }[];
  files = packed?.files.map(({ path }) => path) ?? [];
  install(bare, packed?.filename ?? '', OF_THE_ROOT);
  install(full, packed?.filename ?? '', [...Object.keys(dependencies), 'graphql']);
});
afterAll(() => rmSync(root, { recursive: true }));

/** Lays the packed files into a project that has only the given packages beside them. */
function install(project: string, tarball: string, packages: string[]): void {
  const target = join(project, 'node_modules/xkit-graphql');
  mkdirSync(target, { recursive: true });
  execFileSync('tar', ['xzf', join(root, tarball), '--strip-components=1', '-C', target]);
  for (const name of packages) {
    mkdirSync(dirname(join(project, 'node_modules', name)), { recursive: true });
    symlinkSync(resolve('node_modules', name), join(project, 'node_modules', name));
  }
}

function run(project: string, file: string, text: string): string {
  writeFileSync(join(project, file), text);
  return execFileSync(process.execPath, ['--no-warnings', file], { cwd: project, encoding: 'utf8' });
}

const USE = `
const platform = x.createPlatformClient({ publishableKey: 'pk', secretKey: 'sk' });
const schema = x.createConnectionsSchema({ platform, catalog: { slug: 'acme' } });
console.log(Object.keys(schema.getQueryType().getFields()).join());`;

it('works from ESM with nothing beside it but what its root needs', () => {
  expect(run(bare, 'a.mjs', `import * as x from 'xkit-graphql';${USE}`)).toBe(
    'connections,groupConnection,userConnection\n',
  );
});

it('works from CommonJS', () => {
  expect(run(bare, 'a.cjs', `const x = require('xkit-graphql');${USE}`)).toBe(
    'connections,groupConnection,userConnection\n',
  );
});

it('brings the sandbox under a path of its own, and nothing but what it exports', () => {
  const text = `import { createSandbox } from 'xkit-graphql/sandbox';
    const { url, close } = await createSandbox().listen();
    console.log((await fetch(url)).status);
    await close();
    console.log(await import('xkit-graphql/dist/server/gateway.js').catch(({ code }) => code));`;
  expect(run(full, 'b.mjs', text)).toBe('200\nERR_PACKAGE_PATH_NOT_EXPORTED\n');
});

it('has types that compile without skipLibCheck', () => {
  writeFileSync(
    join(bare, 'a.mts'),
    `import { createConnectionsContext, createConnectionsSchema, createPlatformClient } from 'xkit-graphql';
     const platform = createPlatformClient({ publishableKey: 'pk', secretKey: 'sk', apiUrl: undefined });
     export const schema = createConnectionsSchema({ platform, catalog: { slug: 'acme' } });
     export const context = createConnectionsContext({ signal: undefined });
     // @ts-expect-error a catalog is required: without it there is no repair link to give
     createConnectionsSchema({ platform });`,
  );
  const args = [
    '--noEmit',
    '--strict',
    '--exactOptionalPropertyTypes',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--skipLibCheck',
    'false',
    '--lib',
    'es2022,dom',
    'a.mts',
  ];
  const tsc = resolve('node_modules/typescript/bin/tsc');
  expect(spawnSync(process.execPath, [tsc, ...args], { cwd: bare, encoding: 'utf8' }).stdout).toBe('');
});

it('has a command line program, without the optional peers too', () => {
  const cli = join(full, 'node_modules/xkit-graphql/dist/server/cli.js');
  const print = (...args: string[]) => execFileSync(process.execPath, [cli, ...args], { cwd: full, encoding: 'utf8' });
  expect(print('sdl').trimEnd()).toBe(readFileSync('schema.graphql', 'utf8').trimEnd());
  expect(print('--help')).toContain('serve');
});

it('ships what it needs and nothing else', () => {
  const unexpected = files.filter(
    (path) =>
      !/^(?:dist\/.+\.(?:js|d\.ts)|package\.json|README\.md|LICENSE|CHANGELOG\.md|SECURITY\.md|schema\.graphql)$/.test(
        path,
      ),
  );
  expect(unexpected).toEqual([]);
  expect(files).toContain('dist/server/cli.js');
  expect(files).toContain('LICENSE');
});
