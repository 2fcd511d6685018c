import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

import { build, type Plugin } from 'esbuild';

import packageJson from './package.json' with { type: 'json' };

// Puts the program that the command starts, and the one of a worker, together with the libraries that they load: of a
// thousand small files, Node takes twice as long to load them as of a few (docs/decisions/029). What others import of
// this package stays as the compiler wrote it.

const PROGRAMS = ['dist/server/command-line/run.js', 'dist/server/workers/worker.js'];
/** Stays outside: what whoever composes the schema brings as well, and what is loaded only where it is asked for. */
const EXTERNAL = ['graphql', 'graphql-jit', '@pothos/*', 'ioredis'];
/** Part of libraries that are inside anyway, in the same version. */
const INSIDE = new Set(['@graphql-tools/utils', '@opentelemetry/api']);

/** Of undici the connections alone: all the rest of it, a megabyte, would be read and compiled at each start. */
const partOfUndici: Plugin = {
  name: 'part-of-undici',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'part' }));
    onLoad({ filter: /^undici$/, namespace: 'part' }, () => ({
      contents: `export { default as Client } from './node_modules/undici/lib/dispatcher/client.js';
                 export { default as buildConnector } from './node_modules/undici/lib/core/connect.js';`,
      resolveDir: '.',
    }));
  },
};

const optional = Object.keys(packageJson.peerDependenciesMeta).filter((name) => !INSIDE.has(name));
const { metafile } = await build({
  entryPoints: PROGRAMS,
  outbase: 'dist',
  outdir: 'dist',
  // As deep as what they are made of: paths to other files of the package hold for both.
  chunkNames: 'server/bundle/[name]-[hash]',
  bundle: true,
  splitting: true,
  allowOverwrite: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: [...EXTERNAL, ...optional],
  // Libraries that are CommonJS ask for node's own modules by it.
  banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  plugins: [partOfUndici],
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});
writeFileSync('dist/server/bundle/LICENSES.txt', toLicenses(Object.keys(metafile.inputs)));

/** Writes the licences of all libraries that are inside. */
function toLicenses(inputs: readonly string[]): string {
  const folders = new Set(inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path) ?? []));
  const licenses = [...folders].toSorted().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as Record<
      string,
      string
    >;
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name} ${version} (${license})\n\n${file ? readFileSync(`${folder}/${file}`, 'utf8').trim() : ''}\n`;
  });
  return licenses.join(`\n${'-'.repeat(80)}\n\n`);
}
