import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

import { build, type Metafile, type Plugin } from 'esbuild';

import packageJson from './package.json' with { type: 'json' };

// Puts the program that the command starts, and the one of a worker, together with the libraries that they load: of a
// thousand small files, Node takes twice as long to load them as of a few (docs/decisions/029). What others import of
// this package stays as the compiler wrote it.

const PROGRAMS = ['dist/server/command-line/run.js', 'dist/server/workers/worker.js'];
/** Stays outside: of the first two there may be one in a process, and the others are loaded only where they are needed. */
const OUTSIDE = ['graphql', '@pothos/core', 'graphql-jit', 'ioredis'];

const optional = Object.keys(packageJson.peerDependenciesMeta);

/** Leaves outside what is to be there, and every optional peer of ours; a library that is inside has its own with it. */
const outside: Plugin = {
  name: 'outside',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^[^./]/ }, ({ path, importer }) => {
      const isOf = (name: string) => path === name || path.startsWith(`${name}/`);
      const isOurs = !importer.includes('/node_modules/');
      return OUTSIDE.some(isOf) || (isOurs && optional.some(isOf)) ? { path, external: true } : null;
    });
  },
};

/** Of undici the connections alone: most of the rest, half a megabyte, would only be read and compiled at each start. */
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
  // Libraries that are CommonJS ask for node's own modules by it.
  banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  plugins: [outside, partOfUndici],
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});
writeFileSync('dist/server/bundle/LICENSES.txt', toLicenses(metafile));

/** Writes the licences of all libraries of which something is inside. */
function toLicenses({ outputs }: Metafile): string {
  const inside = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  const folders = new Set(inside.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path) ?? []));
  return [...folders]
    .toSorted()
    .map(toLicense)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

function toLicense(folder: string): string {
  const { name, version, license, author } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as Manifest;
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file && license !== 'MIT') throw new Error(`${folder} has no file with its licence, ${license}.`);
  const holder = (typeof author === 'object' ? author.name : author) ?? `the authors of ${name}`;
  // Ours is the same one.
  const mit = () => readFileSync('LICENSE', 'utf8').replace(/^Copyright.*$/m, `Copyright (c) ${holder}`);
  const text = file ? readFileSync(`${folder}/${file}`, 'utf8') : mit();
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly author?: string | { readonly name: string };
}
