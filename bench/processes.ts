import { type ChildProcess, fork, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';

import { createServiceKey, hashServiceKey } from '../src/server/auth/service-key.js';
import type { LoadOrder, LoadReport } from './load.js';
import { WORKLOADS } from './workloads.js';

/** The key of the only caller. Peers also receive it, but only the equipped one checks it. */
export const KEY = createServiceKey();

/** The policy of this project and of the equipped peer. */
const POLICY = JSON.stringify({
  callers: [
    {
      id: 'bench',
      scopes: ['connections:read', 'tokens:read'],
      users: 'any',
      groups: 'any',
      connectors: ['slack'],
      operationsPerMinute: 1_000_000,
      keys: [{ hash: hashServiceKey(KEY) }],
    },
  ],
});

/** The binary of Tailcall. npm installs only the one for the current machine. */
export const TAILCALL = 'bench/node_modules/@tailcallhq/core-linux-x64-gnu/bin/tailcall';

/** The name of this project without trusted documents. */
export const INTERPRETED = 'xkit-graphql, interpreted';

/** A running gateway under test. */
export interface Target {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  /** Time from its start until it listens, in milliseconds. */
  readonly listenedMs: number;
  stop(): Promise<void>;
}

/** A platform in its own process. */
export interface Platform {
  readonly url: string;
  /** Sets the delay of each response, and returns the number of requests so far. */
  order(message: { readonly delayMs?: number }): Promise<number>;
  stop(): void;
}

/** Starts the platform. */
export async function startPlatform(): Promise<Platform> {
  const child = fork('bench/platform.ts', { execArgv: ['--import', 'tsx'] });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return {
    url,
    order: async (message) => {
      child.send({ delayMs: message.delayMs === Infinity ? 'Infinity' : message.delayMs });
      const [{ requests }] = (await once(child, 'message')) as [{ requests: number }];
      return requests;
    },
    stop: () => child.disconnect(),
  };
}

/** The load generator, in its own process. */
export interface Load {
  send(order: LoadOrder): Promise<LoadReport>;
  stop(): void;
}

/** Starts the load generator. */
export function startLoad(): Load {
  const child = fork('bench/load.ts', { execArgv: ['--import', 'tsx'] });
  return {
    send: async (order) => {
      child.send(order);
      const [report] = (await once(child, 'message')) as [LoadReport];
      return report;
    },
    stop: () => child.disconnect(),
  };
}

/** Starts a peer: a program of `bench/targets`, or Tailcall. */
export function startPeer(
  name: string,
  platformUrl: string,
  environment: Record<string, string> = {},
): Promise<Target> {
  if (name === 'tailcall') return startTailcall(platformUrl);
  const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-bench-'));
  const equipment = { POLICY, AUDIT_LOG: join(folder, 'audit.log'), AUDIT_KEY: randomBytes(32).toString('base64') };
  return startTarget(
    name,
    [`bench/targets/${name}.js`],
    { PLATFORM_URL: platformUrl, ...(name === 'mercurius-equipped' ? equipment : {}), ...environment },
    () => rmSync(folder, { recursive: true }),
  );
}

/** Starts Tailcall. Unlike the programs of `bench/targets`, it can neither choose a free port nor print its port. */
async function startTailcall(platformUrl: string): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-bench-'));
  const port = await findPort();
  const listen = join(folder, 'listen.graphql');
  writeFileSync(listen, `schema @server(port: ${port}) { query: Query }`);
  return startTarget(
    'tailcall',
    ['start', 'bench/targets/tailcall.graphql', listen],
    {
      PLATFORM_URL: platformUrl,
      PLATFORM_AUTHORIZATION: `Basic ${Buffer.from('pk_sandbox:sk_sandbox').toString('base64')}`,
      TAILCALL_LOG_LEVEL: 'error',
      // Disables usage data. With an empty cache, it does not check for a newer version.
      TAILCALL_TRACKER: 'false',
      XDG_CACHE_HOME: folder,
    },
    () => rmSync(folder, { recursive: true }),
    { command: TAILCALL, origin: `http://127.0.0.1:${port}` },
  );
}

/**
 * Starts this project as shipped, with all its protection: a service key, a policy, limits, an audit log file, and
 * metrics. The documents of the workloads are trusted and compiled. It also executes others.
 */
export function startGateway(platformUrl: string, environment: Record<string, string> = {}): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-bench-manifest-'));
  const manifest = join(folder, 'manifest.json');
  writeFileSync(manifest, JSON.stringify(Object.fromEntries(WORKLOADS.map(({ name, query }) => [name, query]))));
  const trusted = { XKIT_TRUSTED_DOCUMENTS: manifest, XKIT_TRUSTED_DOCUMENTS_MODE: 'preferred' };
  return startServe('xkit-graphql', platformUrl, { ...trusted, ...environment });
}

/** Starts this project without trusted documents, so that it interprets every document. */
export function startInterpreted(platformUrl: string): Promise<Target> {
  return startServe(INTERPRETED, platformUrl, {});
}

function startServe(name: string, platformUrl: string, environment: Record<string, string>): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-bench-'));
  const policy = join(folder, 'policy.json');
  writeFileSync(policy, POLICY);
  return startTarget(
    name,
    [...(process.env['BENCH_NODE_ARGS']?.split(' ') ?? []), 'dist/cli/bin.js', 'serve'],
    {
      XKIT_PUBLISHABLE_KEY: 'pk_sandbox',
      XKIT_SECRET_KEY: 'sk_sandbox',
      XKIT_API_URL: platformUrl,
      XKIT_SLUG: 'acme',
      XKIT_POLICY_FILE: policy,
      XKIT_AUDIT_LOG: join(folder, 'audit.log'),
      XKIT_METRICS_PORT: '0',
      XKIT_DRAIN_DELAY_MS: '0',
      LOG_LEVEL: 'warn',
      ...environment,
    },
    () => rmSync(folder, { recursive: true }),
  );
}

/** A program other than Node, which does not print its address. */
interface Foreign {
  readonly command: string;
  readonly origin: string;
}

async function startTarget(
  name: string,
  args: readonly string[],
  environment: Record<string, string>,
  onStopped: () => void,
  foreign?: Foreign,
): Promise<Target> {
  const startedAt = performance.now();
  const child = spawn(foreign?.command ?? process.execPath, args, {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = findUrl(child, name);
  const url = await (foreign ? Promise.race([printed, waitForHealth(child, foreign.origin)]) : printed);
  const listenedMs = performance.now() - startedAt;
  const ended = once(child, 'exit');
  return {
    name,
    url,
    pid: child.pid ?? 0,
    listenedMs,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      onStopped();
    },
  };
}

/** Waits until a program prints its address. Copies its other output to stderr. */
function findUrl(child: ChildProcess, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface(stream).on('line', (line) => {
        const [, url] = /^Listening at (http:\S+)$/.exec(line) ?? [];
        if (url) resolve(url);
        else if (!line.startsWith('Metrics at ')) process.stderr.write(`${name}: ${line}\n`);
      });
    }
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${name} exited with code ${code} before it listened.`)));
  });
}

/** Polls a program with a known address until it responds or exits. */
async function waitForHealth(child: ChildProcess, origin: string): Promise<string> {
  const isHealthy = () =>
    fetch(`${origin}/status`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (child.exitCode === null && !(await isHealthy())) await setTimeout(2);
  return `${origin}/graphql`;
}

async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
