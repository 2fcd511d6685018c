import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Prefixes } from '../../schema/owner.js';
import { ConfigurationError } from '../config/environment.js';
import { type Demo, renderPage } from './page.js';

/** The GraphiQL page at the GraphQL endpoint, and the files that it loads. */
export interface Graphiql {
  readonly page: string;
  /** Files by path. The path changes with the content, so that a browser can cache them. */
  readonly files: ReadonlyMap<string, PageFile>;
  /** Whether the page opens without credentials. The operations that it sends need credentials in any case. */
  readonly isOpen: boolean;
}

interface PageFile {
  readonly contentType: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * Loads GraphiQL from an optional peer package, because it is large. Returns null if the package is not installed.
 *
 * Yoga's own page would load it from a CDN. The peer's page has all of it inline, and writes queries into the URL. So
 * this project has its own page with the peer's scripts.
 *
 * @param demo the content for `dev`, whose page opens without credentials; null for a gateway with secret keys
 * @param prefixes the prefixes in the schema
 */
export async function loadGraphiql(demo: Demo | null, prefixes: Prefixes = {}): Promise<Graphiql | null> {
  const bundle = await import('@graphql-yoga/render-graphiql/graphiql').catch(() => null);
  if (!bundle) return null;
  const contents = {
    'graphiql.js': bundle.js,
    'graphiql.css': bundle.css,
    'editor-worker.js': bundle.editorWorkerService,
    'graphql-worker.js': bundle.graphqlWorker,
    'json-worker.js': bundle.jsonWorker,
    ...(await readOwnScripts()),
  };
  const hash = createHash('sha256').update(Object.values(contents).join('\0'));
  // A relative path, because a proxy may serve the page below another path.
  const folder = `graphiql/${hash.digest('hex').slice(0, 16)}`;
  const files = Object.entries(contents).map(([name, text]): [string, PageFile] => [
    `/${folder}/${name}`,
    {
      contentType: `text/${name.endsWith('.js') ? 'javascript' : 'css'}; charset=utf-8`,
      body: new TextEncoder().encode(text),
    },
  ]);
  return { page: renderPage(folder, demo, prefixes), files: new Map(files), isOpen: demo !== null };
}

/**
 * Loads GraphiQL for authenticated callers.
 *
 * @throws {ConfigurationError} if its package is not installed
 */
export async function requireGraphiql(prefixes: Prefixes = {}): Promise<Graphiql> {
  const graphiql = await loadGraphiql(null, prefixes);
  if (graphiql) return graphiql;
  throw new ConfigurationError(['XKIT_GRAPHIQL needs a package: npm install @graphql-yoga/render-graphiql']);
}

/** Reads the page's own scripts, which run in the browser unchanged. */
async function readOwnScripts(): Promise<Record<string, string>> {
  const folder = new URL('../graphiql/browser/', import.meta.url);
  return {
    'main.js': await readFile(new URL('main.js', folder), 'utf8'),
    'mend-tabs.js': await readFile(new URL('mend-tabs.js', folder), 'utf8'),
  };
}
