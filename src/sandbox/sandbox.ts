import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { serve } from 'h3';
import { API_ROOT, createSandboxApp } from './app.js';
import type { Envelope, SandboxGeneration, TokenField } from './body.js';
import { createFaults, type Faults } from './faults.js';
import { createRequestLog, type LoggedRequest, type RequestLog } from './requests.js';
import { DEFAULT_SEED } from './seed.js';
import { createSandboxStore, type SandboxSeed, type SandboxStore } from './store.js';

/** The default Basic credentials of a sandbox. */
export const SANDBOX_CREDENTIALS = { publishableKey: 'pk_sandbox', secretKey: 'sk_sandbox' } as const;

/** Configures {@link createSandbox}. */
export interface SandboxOptions {
  /** @default `DEFAULT_SEED`, whose people show every state */
  readonly seed?: SandboxSeed | undefined;
  /** @default 'pk_sandbox' */
  readonly publishableKey?: string | undefined;
  /** @default 'sk_sandbox' */
  readonly secretKey?: string | undefined;
  /** Generation of the Platform API, which decides the paths and the token field. @default 'connections' */
  readonly generation?: SandboxGeneration | undefined;
  /** @default 'siblings' */
  readonly envelope?: Envelope | undefined;
  /** @default 'credential' for the generation `contexts`, otherwise 'access_token' */
  readonly tokenField?: TokenField | undefined;
  /** Called with each Platform API request after its response. */
  readonly onRequest?: (request: LoggedRequest) => void | undefined;
}

/** An in-process Platform API. Not for production: its tokens open nothing. */
export interface Sandbox {
  /** The platform's data, which you may change. */
  readonly store: SandboxStore;
  readonly faults: Faults;
  readonly requests: RequestLog;
  /** Root of the Platform API for {@link Sandbox.fetch}. */
  readonly apiUrl: string;
  /** Responds in-process, like the global `fetch`. */
  readonly fetch: typeof globalThis.fetch;
  listen(options?: SandboxListenOptions): Promise<ListeningSandbox>;
}

/** Where a sandbox listens. */
export interface SandboxListenOptions {
  /** @default 0, any free port */
  readonly port?: number | undefined;
  /** @default '127.0.0.1' */
  readonly host?: string | undefined;
  /** Closes each connection without notice this many milliseconds after its first response. @default never */
  readonly closeAfterMs?: number | undefined;
}

/** A sandbox behind a real port. */
export interface ListeningSandbox {
  /** Root of the web server, without a trailing slash. */
  readonly url: string;
  readonly apiUrl: string;
  readonly port: number;
  /** Returns the number of open connections. */
  sockets(): number;
  /** Closes the port and every connection. */
  close(): Promise<void>;
}

/**
 * Creates an emulator of the Platform API: a store, a fetch handler over it, and a port on demand. It shares no code
 * with the client of this package, so that the two cannot share an error.
 *
 * @example
 * const sandbox = createSandbox();
 * sandbox.faults.add({ status: 503, times: 2 });
 * const { apiUrl, close } = await sandbox.listen();
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const generation = options.generation ?? 'connections';
  const store = createSandboxStore(options.seed ?? DEFAULT_SEED);
  const faults = createFaults();
  const requests = createRequestLog();
  const app = createSandboxApp({
    store,
    faults,
    requests,
    publishableKey: options.publishableKey ?? SANDBOX_CREDENTIALS.publishableKey,
    secretKey: options.secretKey ?? SANDBOX_CREDENTIALS.secretKey,
    generation,
    envelope: options.envelope ?? 'siblings',
    tokenField: options.tokenField ?? (generation === 'contexts' ? 'credential' : 'access_token'),
    onRequest: options.onRequest ?? (() => undefined),
  });

  return {
    store,
    faults,
    requests,
    apiUrl: `http://localhost${API_ROOT}`,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const response = await Promise.race([app.fetch(request), rejectOnAbort(init?.signal ?? request.signal)]);
      if (response.type === 'error') throw new TypeError('fetch failed');
      return response;
    },
    listen: async ({ port = 0, host = '127.0.0.1', closeAfterMs } = {}) => {
      const server = serve(app, { port, hostname: host, silent: true, gracefulShutdown: false });
      await server.ready();
      const node = server.node?.server as Server | undefined;
      const address = node?.address();
      if (!node || !address || typeof address === 'string') throw new Error('The sandbox has no port.');
      const sockets = new Set<Socket>();
      node.on('connection', (socket) => {
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
      });
      if (closeAfterMs !== undefined) {
        node.on('request', ({ socket }, response) => {
          response.once('finish', () => setTimeout(() => socket.destroy(), closeAfterMs));
        });
      }
      const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
      return {
        url,
        apiUrl: url + API_ROOT,
        port: address.port,
        sockets: () => sockets.size,
        close: () => server.close(true),
      };
    },
  };
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
