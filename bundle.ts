import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

import { build, type Metafile, type Plugin } from 'esbuild';

import packageJson from './package.json' with { type: 'json' };

// Puts the program that the command starts, and the one of a worker, together with the libraries that they load: of a
// thousand small files, Node takes twice as long to load them as of a few (docs/decisions/029). What others import of
// this package stays as the compiler wrote it.

const PROGRAMS = ['dist/server/command-line/run.js', 'dist/server/workers/worker.js'];
/** Loaded only where it is needed, as is every optional peer. */
const OUTSIDE = ['ioredis'];

/** Of these libraries what we use alone: all else would be read, compiled and kept at each start. */
const PARTS = {
  undici: `
    export { default as Client } from './node_modules/undici/lib/dispatcher/client.js';
    export { default as buildConnector } from './node_modules/undici/lib/core/connect.js';`,
  ofetch: `export { createFetch } from './node_modules/ofetch/dist/index.mjs';`,
  'rate-limiter-flexible': `
    export { default as RateLimiterMemory } from './node_modules/rate-limiter-flexible/lib/RateLimiterMemory.js';
    export { default as RateLimiterRedis } from './node_modules/rate-limiter-flexible/lib/RateLimiterRedis.js';
    export { RateLimiterCluster, RateLimiterClusterMaster }
      from './node_modules/rate-limiter-flexible/lib/RateLimiterCluster.js';`,
  // graphql-jit writes results by it, but only if it is told to.
  'fast-json-stringify': 'export default null;',
};

/**
 * What has Node load much that nobody uses, by the file that says it, and what it says instead. Node has an undici of its
 * own, 7 MiB once it is loaded: it is for whoever first asks for the global `Request` or `Headers`.
 */
const EDITS: Record<string, readonly [from: string, to: string]> = {
  'ofetch/dist/index.mjs': ['_globalThis.Headers', 'null'],
  '@whatwg-node/server/esm/createServerAdapter.js': ['fetchAPI.Request !== globalThis.Request', 'true'],
  // HTTP/2, which is not spoken with the platform.
  'undici/lib/dispatcher/client-h2.js': ["require('node:http2')", '{ constants: {} }'],
};

/** Whether there are packages that bring graphql and Pothos, as joining other gateways takes. Of each there may be one in a process. */
const JOINS = `(process.env.XKIT_FEDERATION === 'on' || process.env.XKIT_USER_TYPE || process.env.XKIT_GROUP_TYPE)`;

const optional = Object.keys(packageJson.peerDependenciesMeta);

/** Leaves outside what is not always loaded; a library that is inside has its own of our optional peers with it. */
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

/** Puts graphql and Pothos inside, in front of each a module that takes the installed one instead if {@link JOINS}. */
const either: Plugin = {
  name: 'either',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(graphql|@pothos\/core)(\/|$)/ }, ({ path, namespace }) =>
      namespace === 'either' ? { path, external: true } : { path, namespace: 'either' },
    );
    onLoad({ filter: /./, namespace: 'either' }, async ({ path }) => {
      // The plugins of Pothos take its ES module, the packages for graphql the one of CommonJS.
      const [file, take] =
        path === '@pothos/core'
          ? [`${path}/esm/index.js`, 'await import']
          : [path === 'graphql' ? 'graphql/index.mjs' : path.replace(/\.js$/, '.mjs'), 'require'];
      const inside = `./node_modules/${file}`;
      const names = Object.keys((await import(inside)) as object).filter((name) => name !== 'default');
      return {
        contents: `
          const taken = ${JOINS} ? ${take}('${path}') : require('${inside}');
          export const { ${names.join(', ')} } = taken;
          export default taken.default;`,
        resolveDir: '.',
      };
    });
  },
};

const parts: Plugin = {
  name: 'parts',
  setup: ({ onResolve, onLoad }) => {
    for (const [name, contents] of Object.entries(PARTS)) {
      onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: name, namespace: name }));
      onLoad({ filter: /./, namespace: name }, () => ({ contents, resolveDir: '.' }));
    }
  },
};

const edits: Plugin = {
  name: 'edits',
  setup: ({ onLoad, onEnd }) => {
    const left = new Set(Object.keys(EDITS));
    onEnd(() => {
      if (left.size > 0) throw new Error(`Nothing loads ${[...left].join(' or ')} any more.`);
    });
    for (const [file, [from, to]] of Object.entries(EDITS)) {
      onLoad({ filter: new RegExp(`/node_modules/${file.replaceAll('.', '\\.')}$`) }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        if (!text.includes(from)) throw new Error(`${file} no longer says ${from}.`);
        left.delete(file);
        return { contents: text.replace(from, to) };
      });
    }
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
  plugins: [outside, either, parts, edits],
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});
// With one character outside Latin-1, be it in a comment, V8 keeps all of a file in two bytes a character.
for (const path of Object.keys(metafile.outputs)) {
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/[^\0-\xff]/g, toEscape));
}
writeFileSync('dist/server/bundle/LICENSES.txt', toLicenses(metafile));

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

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
