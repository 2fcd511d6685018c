import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { printFigure } from '../support/faults.js';
import { writePolicyFile } from '../support/policy.js';
import { addPackages, createProjects, pinned, run } from '../support/project.js';

const { exports, dependencies, peerDependenciesMeta } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly exports: Record<string, unknown>;
  readonly dependencies: Record<string, string>;
  readonly peerDependenciesMeta: Record<string, unknown>;
};
/** Maximum disk space of a project that has only this package, in MiB. */
const MAX_INSTALLED_MIB = 55;

const projects = createProjects();
/** A project with the package and its only required peer. */
let bare: string;
/** A project that also has the optional peers. */
let full: string;
const CLI = 'node_modules/xkit-graphql/dist/cli/bin.js';

beforeAll(() => {
  bare = projects.create('bare', ['graphql']);
  const peers = ['graphql', '@graphql-tools/stitch', '@types/node', ...Object.keys(peerDependenciesMeta)];
  full = projects.create('full', peers);
}, 180_000);
afterAll(() => projects.remove());

const USE = `
const platform = x.createPlatformClient({ publishableKey: 'pk', secretKey: 'sk' });
const schema = x.createConnectionsSchema({ platform, catalog: { slug: 'acme' } });
console.log(Object.keys(schema.getQueryType().getFields()).join());`;

it('works from ESM and from CommonJS', () => {
  const fields = 'connections,groupConnection,userConnection\n';
  expect(run(bare, 'a.mjs', `import * as x from 'xkit-graphql';${USE}`)).toBe(fields);
  expect(run(bare, 'a.cjs', `const x = require('xkit-graphql');${USE}`)).toBe(fields);
});

const ENTRIES = Object.keys(exports).filter((entry) => !/\.(?:graphql|json)$/.test(entry));

it.each(ENTRIES)('exports the same instance of %s to ESM and CommonJS', (entry) => {
  const name = entry.replace('.', 'xkit-graphql');
  const text = `import * as m from '${name}'; import { createRequire } from 'node:module';
    const c = createRequire(import.meta.url)('${name}');
    console.log(Object.keys(m).length > 0 && Object.keys(m).every((key) => key in c && m[key] === c[key]));`;
  expect(run(full, 'b.mjs', text)).toBe('true\n');
});

/** Returns the names of the packages that a program loads files from. */
function findLoaded(text: string): string[] {
  const hook = `import { appendFileSync } from 'node:fs';
    export async function resolve(specifier, context, next) {
      const result = await next(specifier, context);
      appendFileSync('loaded.txt', result.url + '\\n');
      return result;
    }`;
  writeFileSync(join(bare, 'hook.mjs'), hook);
  rmSync(join(bare, 'loaded.txt'), { force: true });
  run(bare, 'c.mjs', `import { register } from 'node:module'; register('./hook.mjs', import.meta.url); ${text}`);
  const urls = readFileSync(join(bare, 'loaded.txt'), 'utf8');
  const names = [...urls.matchAll(/node_modules\/((?:@[^/\n]+\/)?[^/\n]+)/g)].flatMap(([, found]) => found ?? []);
  return [...new Set(names)].toSorted();
}

it('loads only the packages that its root, undici and client entries need', () => {
  expect(findLoaded(`await import('xkit-graphql');`)).toEqual([
    '@pothos/core',
    'dataloader',
    'destr',
    'graphql',
    'node-fetch-native',
    'ofetch',
    'ufo',
    'xkit-graphql',
  ]);
  expect(findLoaded(`await import('xkit-graphql/undici');`)).toEqual(['undici', 'xkit-graphql']);
  expect(findLoaded(`await import('xkit-graphql/client');`)).toEqual(['xkit-graphql']);
});

it('bundles the libraries of its command, with their licenses', () => {
  const text = `process.argv.splice(2, 9, 'serve'); await import('./${CLI}'); process.exitCode = 0;`;
  // The command stops at its configuration, which is missing.
  expect(findLoaded(text)).toEqual(['@pothos/core', 'graphql', 'xkit-graphql']);
  const licenses = readFileSync('dist/server/bundle/LICENSES.txt', 'utf8');
  const outside = new Set(['ioredis', '@graphql-typed-document-node/core', '@pothos/core']);
  for (const license of licenses.split(`\n${'-'.repeat(80)}\n\n`)) {
    expect(license).toMatch(/Permission (?:is hereby granted|to use)|Redistribution and use|Apache License/);
  }
  for (const name of Object.keys(dependencies).filter((inside) => !outside.has(inside))) {
    expect(licenses).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(.+\\)$`, 'm'));
  }
});

it('names the packages that an entry point lacks', () => {
  const text = `await import('xkit-graphql/federation').catch(({ code, message }) => console.log(code, message.includes('@pothos/plugin-')));
    await import('xkit-graphql/stitching').catch(({ code, message }) => console.log(code, message.includes('@graphql-tools/stitching-directives')));
    await import('xkit-graphql/dist/server/start.js').catch(({ code }) => console.log(code));`;
  expect(run(bare, 'd.mjs', text)).toBe(
    'ERR_MODULE_NOT_FOUND true\nERR_MODULE_NOT_FOUND true\nERR_PACKAGE_PATH_NOT_EXPORTED\n',
  );
  const cli = join(bare, CLI);
  const fail = (command: string, env: Record<string, string>) => {
    const { status, stderr } = spawnSync(process.execPath, [cli, command], { cwd: bare, encoding: 'utf8', env });
    return [status, stderr];
  };
  expect(fail('sdl', { XKIT_FEDERATION: 'on' })).toEqual([
    2,
    expect.stringContaining(
      'XKIT_FEDERATION needs packages: npm install @apollo/subgraph @pothos/plugin-directives @pothos/plugin-federation',
    ),
  ]);
  const settings = { XKIT_PUBLISHABLE_KEY: 'pk', XKIT_SECRET_KEY: 'sk', XKIT_SLUG: 'acme', PORT: '0' };
  const withRedis = { ...settings, XKIT_POLICY_FILE: writePolicyFile().path, XKIT_REDIS_URL: 'redis://127.0.0.1:1' };
  const ioredis = join(bare, 'node_modules/ioredis');
  renameSync(ioredis, `${ioredis}.away`);
  const needed = expect.stringContaining('XKIT_REDIS_URL needs packages: npm install ioredis') as string;
  expect(fail('serve', withRedis)).toEqual([2, needed]);
  const { stdout } = spawnSync(process.execPath, [cli, 'doctor', '--json'], {
    cwd: bare,
    encoding: 'utf8',
    env: withRedis,
  });
  renameSync(`${ioredis}.away`, ioredis);
  const { checks } = JSON.parse(stdout) as { checks: { id: string; result: string; found: string[] }[] };
  expect(checks.find(({ id }) => id === 'packages')).toMatchObject({ result: 'failed', found: [needed] });
  expect(checks.find(({ id }) => id === 'redis')).toMatchObject({ result: 'skipped' });
  const packages = ['@opentelemetry/api', '@opentelemetry/sdk-node'].map(pinned);
  expect(fail('dev', { OTEL_TRACES_EXPORTER: 'otlp', PORT: '0', SANDBOX_PORT: '0' })).toEqual([
    2,
    expect.stringContaining(
      // Without the patch number, so that npm installs the latest patch.
      `Tracing (OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_EXPORTER) needs packages: npm install ${packages.map((name) => name.replace(/\.\d+$/, '')).join(' ')}\n`,
    ),
  ]);
});

const TYPES = `
import { createConnectionsContext, createConnectionsSchema, createPlatformClient } from 'xkit-graphql';
import { requireAccessToken, UserConnectionDocument, withFreshToken } from 'xkit-graphql/client';
import { createSandbox } from 'xkit-graphql/sandbox';
const platform = createPlatformClient({ publishableKey: 'pk', secretKey: 'sk', apiUrl: undefined });
export const schema = createConnectionsSchema({ platform, catalog: { slug: 'acme' }, ownerTypes: { user: 'User' } });
export const context = createConnectionsContext({ signal: undefined });
export const others = [requireAccessToken, UserConnectionDocument, withFreshToken, createSandbox];
// @ts-expect-error a catalog is required: without it there is no repair link to give
createConnectionsSchema({ platform });`;
const TYPES_OF_PEERS = `
import { createConnectionsSubgraph } from 'xkit-graphql/federation';
import { startServer } from 'xkit-graphql/server';
import { subschemaConfig } from 'xkit-graphql/stitching';
import { schema } from './a.mjs';
export const subschema = subschemaConfig({ schema });
export const others = [createConnectionsSubgraph, startServer];`;

it.each(['typescript-5', 'typescript', 'typescript-7'])(
  'has types that %s accepts without skipLibCheck',
  (compiler) => {
    const compile = (project: string, file: string, text: string, ...more: string[]) => {
      writeFileSync(join(project, file), text);
      const tsc = resolve('node_modules', compiler, 'bin/tsc');
      const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false'];
      const target = ['--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom'];
      return spawnSync(process.execPath, [tsc, ...options, ...target, ...more, file], {
        cwd: project,
        encoding: 'utf8',
      });
    };
    expect(compile(bare, 'a.mts', TYPES).stdout).toBe('');
    writeFileSync(join(full, 'a.mts'), TYPES);
    expect(compile(full, 'b.mts', TYPES_OF_PEERS, '--types', 'node').stdout).toBe('');
  },
  120_000,
);

it('exports a subschema configuration that stitchSchemas accepts, local or remote', () => {
  const text = `import { stitchSchemas } from '@graphql-tools/stitch';
    import type { Executor } from '@graphql-tools/utils';
    import { createGatewayExecutor, subschemaConfig } from 'xkit-graphql/stitching';
    import { schema } from './a.mjs';
    declare const executor: Executor;
    const ours: Executor = createGatewayExecutor({ url: 'http://127.0.0.1/graphql', headers: () => ({}) });
    export const gateway = stitchSchemas({
      subschemas: [
        subschemaConfig({ schema }),
        subschemaConfig({ executor, ownerTypes: { user: 'User' } }),
        subschemaConfig({ executor: ours, ownerTypes: { user: 'User' } }),
      ],
    });`;
  writeFileSync(join(full, 'a.mts'), TYPES);
  writeFileSync(join(full, 'c.mts'), text);
  const args = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022', 'c.mts'];
  const tsc = resolve('node_modules/typescript/bin/tsc');
  expect(spawnSync(process.execPath, [tsc, ...args], { cwd: full, encoding: 'utf8' }).stdout).toBe('');
});

it('has a command line program that runs without the optional peers', () => {
  const print = (...args: string[]) =>
    execFileSync(process.execPath, [join(bare, 'node_modules/.bin/xkit-graphql'), ...args], { encoding: 'utf8' });
  expect(print('sdl').trimEnd()).toBe(readFileSync('schema.graphql', 'utf8').trimEnd());
  expect(print('--help')).toContain('serve');
});

it('stays below its maximum size on disk, and installs no optional peer', () => {
  const [kibibytes = ''] = execFileSync('du', ['-sk', join(bare, 'node_modules')], { encoding: 'utf8' }).split('\t');
  const mebibytes = Number(kibibytes) / 1024;
  printFigure(`installed with all it depends on: ${mebibytes.toFixed(1)} MiB`);
  expect(mebibytes).toBeLessThan(MAX_INSTALLED_MIB);
  const installed = execFileSync('npm', ['ls', '--all', '--parseable'], { cwd: bare, encoding: 'utf8' });
  // Yoga depends on the first package, prom-client on the second.
  const brought = new Set(['@graphql-tools/utils', '@opentelemetry/api']);
  for (const name of Object.keys(peerDependenciesMeta).filter((peer) => !brought.has(peer))) {
    expect(installed).not.toContain(`node_modules/${name}\n`);
  }
});

it('contains only the files that it needs', () => {
  const unexpected = projects.files.filter(
    (path) =>
      !/^(?:dist\/.+\.(?:js|d\.ts)|dist\/server\/bundle\/LICENSES\.txt|package\.json|README\.md|LICENSE|CHANGELOG\.md|SECURITY\.md|schema\.graphql)$/.test(
        path,
      ),
  );
  expect(unexpected).toEqual([]);
  expect(projects.files).toContain('dist/cli/bin.js');
  expect(projects.files).toContain('LICENSE');
});

it('traces with another installed version of the OpenTelemetry API', async () => {
  // The package is built with another version.
  addPackages(full, ['@opentelemetry/api@1.9.0']);
  const keys = spawnSync(process.execPath, [join(full, CLI), 'keys', 'create'], { encoding: 'utf8' });
  writeFileSync(join(full, 'policy.yaml'), keys.stdout);
  const server = spawn(process.execPath, [join(full, CLI), 'serve'], {
    cwd: full,
    env: {
      OTEL_TRACES_EXPORTER: 'console',
      PORT: '0',
      XKIT_DRAIN_DELAY_MS: '0',
      XKIT_PUBLISHABLE_KEY: 'pk',
      XKIT_SECRET_KEY: 'sk',
      XKIT_SLUG: 'acme',
      XKIT_POLICY_FILE: 'policy.yaml',
    },
  });
  let said = '';
  server.stderr.on('data', (chunk) => {
    said += chunk;
    if (said.includes('Listening at ')) server.kill();
  });
  await once(server, 'exit');
  expect(said).toContain('Listening at ');
}, 120_000);
