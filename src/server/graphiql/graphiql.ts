import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ConfigurationError } from '../config/environment.js';
import { type Demo, renderPage } from './page.js';

/** GraphiQL as it is served: a page at the GraphQL endpoint, and the files that it loads. */
export interface Graphiql {
  readonly page: string;
  /** Files by path. The path changes with the content, so that a browser may keep them. */
  readonly files: ReadonlyMap<string, PageFile>;
  /** Whether anybody may open the page, or known callers alone. What it sends is authenticated either way. */
  readonly isOpen: boolean;
}

interface PageFile {
  readonly contentType: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * Loads GraphiQL, which is large: an optional peer of the package. Null where it is not installed.
 *
 * Yoga's own page would load it from a CDN, and the peer's page has all of it inline and writes queries into the URL.
 * So the page is one of ours, with the peer's scripts.
 *
 * @param demo what `dev` shows, to anybody; null for a gateway whose keys are secrets
 */
export async function loadGraphiql(demo: Demo | null): Promise<Graphiql | null> {
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
  // Relative in the page, which may be behind a proxy that puts a path before it.
  const folder = `graphiql/${hash.digest('hex').slice(0, 16)}`;
  const files = Object.entries(contents).map(([name, text]): [string, PageFile] => [
    `/${folder}/${name}`,
    {
      contentType: `text/${name.endsWith('.js') ? 'javascript' : 'css'}; charset=utf-8`,
      body: new TextEncoder().encode(text),
    },
  ]);
  return { page: renderPage(folder, demo), files: new Map(files), isOpen: demo !== null };
}

/**
 * Loads GraphiQL for known callers.
 *
 * @throws {ConfigurationError} if its package is not installed
 */
export async function requireGraphiql(): Promise<Graphiql> {
  const graphiql = await loadGraphiql(null);
  if (graphiql) return graphiql;
  throw new ConfigurationError(['XKIT_GRAPHIQL needs a package: npm install @graphql-yoga/render-graphiql']);
}

/** Reads the scripts of the page itself, which run in the browser as they are. */
async function readOwnScripts(): Promise<Record<string, string>> {
  const folder = new URL('../graphiql/browser/', import.meta.url);
  return {
    'main.js': await readFile(new URL('main.js', folder), 'utf8'),
    'mend-tabs.js': await readFile(new URL('mend-tabs.js', folder), 'utf8'),
  };
}
