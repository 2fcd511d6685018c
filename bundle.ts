import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

import { build, type Metafile, type Plugin } from 'esbuild';

import packageJson from './package.json' with { type: 'json' };

// Bundles the command with the libraries that it loads: Node takes twice as long to load a thousand small files as a few
// (docs/decisions/029). What others import of this package stays as the compiler wrote it.

/** There may be one of each in a process, and other packages bring them as well. */
const OUTSIDE = ['graphql', '@pothos/core', 'ioredis'];
const optionalPeers = Object.keys(packageJson.peerDependenciesMeta);

/** Leaves our optional peers outside. A library inside the bundle has its own copy of them inside. */
const peersOutside: Plugin = {
  name: 'peers-outside',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^[^./]/ }, ({ path, importer }) => {
      const isPeer = optionalPeers.some((name) => path === name || path.startsWith(`${name}/`));
      return isPeer && !importer.includes('/node_modules/') ? { path, external: true } : null;
    });
  },
};

const { metafile } = await build({
  entryPoints: ['dist/cli/run.js'],
  outbase: 'dist',
  outdir: 'dist',
  // As deep as the files that they are made of: relative URLs hold for both.
  chunkNames: 'server/bundle/[name]-[hash]',
  bundle: true,
  splitting: true,
  allowOverwrite: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: OUTSIDE,
  // CommonJS libraries require node's own modules.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);",
  },
  plugins: [peersOutside],
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
