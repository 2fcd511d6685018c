import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type GraphQLError, print } from 'graphql';
import { pino } from 'pino';
import { hashDocument } from '../../src/access/audit.js';
import { createPlatformClient, type PlatformClientOptions } from '../../src/platform/client.js';
import type { ConnectionsSchemaOptions } from '../../src/schema/assemble.js';
import { createConnectionsSchema } from '../../src/schema/index.js';
import { createSandbox, type Sandbox, SANDBOX_CREDENTIALS, type SandboxOptions } from '../../src/sandbox/index.js';
import { compileDocuments } from '../../src/server/graphql/trusted-documents.js';
import { createEngine } from '../../src/server/graphql/engine.js';
import { createHandler, createPlatformState, type HandlerOptions } from '../../src/server/http/handler.js';
import { createConnectorLabel } from '../../src/server/telemetry/metrics.js';
import { createLogObserver } from '../../src/server/telemetry/log.js';
import { combineObservers } from '../../src/server/telemetry/observer.js';
import { listen } from '../../src/server/http/listen.js';
import { createLoad } from '../../src/server/http/load.js';
import { authenticateBy, KEYS, POLICY, writePolicyFile } from './policy.js';
import { postJson } from './post-json.js';

export interface Answer<Data> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Data | null | undefined;
  readonly errors: readonly Pick<GraphQLError, 'message' | 'path' | 'extensions'>[];
  /** The raw body. */
  readonly body: string;
}

/** A gateway under test, with a sandbox as its platform. */
export interface TestGateway {
  readonly sandbox: Sandbox;
  send<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    headers?: Record<string, string>,
  ): Promise<Answer<Data>>;
  /** Sends an HTTP request to a path of the gateway, as a caller that may read everything. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Sends an HTTP request to a path of the gateway, with only the headers of `init`. */
  fetchAnonymously(path: string, init?: RequestInit): Promise<Response>;
  /** Returns the number of open connections to the platform. Absent if the platform has no port. */
  readonly platformSockets?: () => number;
  /** The id of the gateway's process. Absent if the gateway runs in this process. */
  readonly pid?: number;
  /** Resolves with the exit code of the gateway's process. */
  readonly ended?: Promise<number | null>;
  /** Everything that the gateway has printed. */
  output(): string;
  /** Stops reading the output of the process. The returned function resumes reading. */
  readonly pauseOutput?: RunningCli['pauseOutput'];
  /** Closes the pipes that read the output of the process. */
  readonly closeOutput?: RunningCli['closeOutput'];
  close(): Promise<void>;
}

export type StartGateway = () => Promise<TestGateway>;

interface InProcessOptions {
  readonly sandbox?: SandboxOptions;
  readonly platform?: Partial<PlatformClientOptions>;
  readonly schema?: Partial<ConnectionsSchemaOptions>;
  readonly handler?: Partial<HandlerOptions>;
  /** Whether the platform listens on a port and the module uses its default transport. @default false */
  readonly overSockets?: boolean;
  /** Trusted documents, which are compiled. The gateway also executes other documents. @default none */
  readonly manifest?: readonly string[] | undefined;
}

/**
 * Starts a gateway in this process, on a port, with the real client, loader, schema and Yoga. By default, its sandbox
 * has no port.
 */
export async function startInProcess(options: InProcessOptions = {}): Promise<TestGateway> {
  const sandbox = createSandbox(options.sandbox);
  const listening = options.overSockets ? await sandbox.listen() : null;
  const platform = createPlatformClient({
    ...SANDBOX_CREDENTIALS,
    ...(listening ? { apiUrl: listening.apiUrl } : { apiUrl: sandbox.apiUrl, fetch: sandbox.fetch }),
    attemptTimeoutMs: 300,
    // One fault causes one failure. The tests in test/faults cover the handling of failures.
    maxRetries: 0,
    breaker: false,
    ...options.platform,
  });
  const schema = createConnectionsSchema({
    platform,
    catalog: { slug: 'acme' },
    ...options.schema,
  });
  const printed: string[] = [];
  const sink = new PassThrough().on('data', (chunk) => printed.push(String(chunk)));
  const platformState = createPlatformState();
  // The tests themselves delay the event loop of this process, so no operation is refused because of its lag.
  const observer = combineObservers([
    platformState.observer,
    createLogObserver(pino({ level: 'trace' }, sink), createConnectorLabel(undefined)),
  ]);
  const load = createLoad(Infinity, Infinity, observer.onHttpLimit);
  const { manifest = [] } = options;
  const documents = new Map(manifest.map((text) => [hashDocument(text), text]));
  const handler = createHandler({
    engine: createEngine({
      schema,
      introspection: false,
      compiledDocuments: manifest.length > 0 ? await compileDocuments(schema, manifest) : undefined,
      observer,
    }),
    authenticate: authenticateBy(POLICY),
    rateLimit: async () => null,
    trustedDocuments: manifest.length > 0 ? { mode: 'preferred', documents } : undefined,
    platformState,
    load,
    observer,
    ...options.handler,
  });
  const address = { host: '127.0.0.1', port: 0, portVariable: 'PORT', isLoopbackOnly: false, load };
  const server = await listen(handler, address);
  return toTestGateway(sandbox, (path, init) => fetch(server.url + path, init), {
    output: () => printed.join(''),
    close: async () => {
      await server.close();
      await platform.close();
      await listening?.close();
    },
  });
}

/**
 * Starts `xkit-graphql serve` as a separate process, with a sandbox on a real port.
 *
 * @param wrapper a command that ends by executing its arguments
 * @param args the arguments of `serve`
 */
export async function startProcess(
  environment: Record<string, string> = {},
  options: SandboxOptions = {},
  wrapper: readonly string[] = [],
  args: readonly string[] = [],
): Promise<TestGateway> {
  const sandbox = createSandbox(options);
  const listening = await sandbox.listen();
  const policy = writePolicyFile();
  const gateway = startCli(
    ['serve', ...args],
    {
      XKIT_PUBLISHABLE_KEY: options.publishableKey ?? SANDBOX_CREDENTIALS.publishableKey,
      XKIT_SECRET_KEY: options.secretKey ?? SANDBOX_CREDENTIALS.secretKey,
      XKIT_API_URL: listening.apiUrl,
      XKIT_SLUG: 'acme',
      XKIT_POLICY_FILE: policy.path,
      XKIT_MAX_RETRIES: '0',
      PORT: '0',
      ...environment,
    },
    wrapper,
  );
  const [, url] = await gateway.printed(/^Listening at (http:\S+)\/graphql$/m);
  return toTestGateway(sandbox, (path, init) => fetch(url + path, init), {
    pid: gateway.pid,
    ended: gateway.ended,
    output: gateway.output,
    pauseOutput: gateway.pauseOutput,
    closeOutput: gateway.closeOutput,
    platformSockets: listening.sockets,
    close: async () => {
      await gateway.stop();
      await listening.close();
      policy.remove();
    },
  });
}

export interface RunningCli {
  readonly pid: number;
  /** Waits until the output matches. */
  printed(pattern: RegExp): Promise<RegExpMatchArray & { 1: string }>;
  output(): string;
  /** Stops reading the output. The returned function resumes reading. */
  pauseOutput(): () => void;
  /** Closes the pipes that read these outputs. */
  closeOutput(...names: readonly ('stdout' | 'stderr')[]): void;
  /** Sends SIGTERM, and resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

/** Starts the built command line program. By default, it does not delay its end on SIGTERM. */
export function startCli(
  args: string[],
  environment: Record<string, string> = {},
  wrapper: readonly string[] = [],
): RunningCli {
  const [command = '', ...rest] = [...wrapper, process.execPath, 'dist/cli/bin.js', ...args];
  const child = spawn(command, rest, {
    env: { PATH: process.env['PATH'] ?? '', XKIT_DRAIN_DELAY_MS: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      listeners.forEach((listener) => listener());
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    pid: child.pid ?? 0,
    output: () => output,
    pauseOutput: () => {
      child.stdout.pause();
      return () => void child.stdout.resume();
    },
    closeOutput: (...names) => names.forEach((name) => child[name].destroy()),
    ended,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(output);
          if (!match) return;
          listeners.delete(look);
          resolve(match as RegExpMatchArray & { 1: string });
        };
        listeners.add(look);
        void ended.then((code) => reject(new Error(`Ended with ${code} before printing ${pattern}:\n${output}`)));
        look();
      }),
  };
}

function toTestGateway(
  sandbox: Sandbox,
  send: TestGateway['fetch'],
  rest: Pick<TestGateway, 'pid' | 'ended' | 'output' | 'pauseOutput' | 'closeOutput' | 'platformSockets' | 'close'>,
): TestGateway {
  return {
    ...rest,
    sandbox,
    fetchAnonymously: send,
    fetch: (path, init) => {
      const headers = new Headers(init?.headers);
      if (!headers.has('authorization')) headers.set('authorization', `Bearer ${KEYS.bff}`);
      return send(path, { ...init, headers });
    },
    send: async (document, variables, headers) => {
      const authorization = `Bearer ${KEYS.bff}`;
      const init = postJson({ query: print(document), variables }, { authorization, ...headers });
      const response = await send('/graphql', init);
      const body = await response.text();
      const { data, errors = [] } = JSON.parse(body);
      return { status: response.status, headers: response.headers, data, errors, body };
    },
  };
}
