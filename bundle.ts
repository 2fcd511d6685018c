import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

import { build, type Metafile, type Plugin } from 'esbuild';

import packageJson from './package.json' with { type: 'json' };

// Bundles the command with the libraries that it loads, because Node takes twice as long to load a thousand small files
// as to load a few (docs/decisions/029). The modules that other packages import stay as the compiler wrote them.

/** A process may hold only one copy of each, and other packages depend on them too. */
const OUTSIDE = ['graphql', '@pothos/core', 'ioredis'];
const optionalPeers = Object.keys(packageJson.peerDependenciesMeta);

/** Keeps our optional peers outside the bundle. A library in the bundle has its own copy of them in the bundle. */
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
  // As deep as the source files, so that relative URLs are valid in both.
  chunkNames: 'server/bundle/[name]-[hash]',
  bundle: true,
  splitting: true,
  allowOverwrite: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: OUTSIDE,
  // CommonJS libraries load Node's own modules with `require`.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);",
  },
  plugins: [peersOutside],
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});
writeFileSync('dist/server/bundle/LICENSES.txt', toLicenses(metafile));

/** Returns the licenses of all libraries with code in the bundle. */
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
  if (!file && license !== 'MIT')
    throw new Error(
      `${folder} has no license file, and its license is ${license}. Only a package with the MIT license may have none.`,
    );
  const holder = (typeof author === 'object' ? author.name : author) ?? `the authors of ${name}`;
  // Our own license is the same one.
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
