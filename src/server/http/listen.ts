import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { enforceHttpLimits } from './http-limits.js';
import { createLoad, type InFlight, type Load } from './load.js';
import { isLoopbackHost } from '../../domain/base-url.js';

/**
 * Maximum time for a request to arrive, the interval of the check, and how long a connection may be idle after a
 * response, in milliseconds. Load balancers close a connection that has been idle for 60 s. If the server closed it
 * first, it would lose the requests that arrive in the meantime.
 */
const TIMEOUTS = {
  requestTimeout: 5_000,
  headersTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 75_000,
};
/** Maximum time that a closing connection still reads from its client, in milliseconds. */
const LINGER_MS = 1_000;

/** Reports why a port could not be opened, and what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError';

  constructor(
    readonly problem: string,
    /** Null if no fix is known. */
    readonly advice: string | null,
  ) {
    super([problem, ...(advice === null ? [] : [advice])].join(' '));
  }
}

/** A web server that listens on a port. */
export interface HttpServer {
  /** Root of the web server, without a trailing slash. */
  readonly url: string;
  /** Ends each connection with its next response, and has `/ready` return 503. Serves everything else. */
  announceClose(): void;
  /** Waits for the in-flight requests, then closes every socket. */
  close(): Promise<void>;
}

interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** The environment variable that sets the port, for error messages. */
  readonly portVariable: string;
  /** Whether to refuse requests whose `Host` header does not name a loopback host. */
  readonly isLoopbackOnly: boolean;
  /**
   * How long a shutdown waits for in-flight requests, and how long a connection may be silent during a request, in
   * milliseconds.
   * @default 10000
   */
  readonly drainMs?: number | undefined;
  /** The load of only this server, stopped when the server is closed. @default a load that refuses nothing */
  readonly load?: Load | undefined;
}

/**
 * Opens a port for a request listener.
 *
 * @throws {ListenError} if the port cannot be opened
 */
export async function listen(handle: RequestListener, options: ListenOptions): Promise<HttpServer> {
  const { host, port, portVariable, isLoopbackOnly, drainMs = 10_000, load = createLoad() } = options;
  const { inFlight } = load;
  const server = createServer(TIMEOUTS, (request, response) => {
    inFlight.add(request, response);
    // The connection broke or had too many requests, so it cannot carry a response.
    if (request.socket.destroyed) return;
    toOriginForm(request);
    // The client sends its next request on a new connection, perhaps to another replica.
    if (load.isEnding()) response.setHeader('connection', 'close');
    const refusal = findRefusal(request, isLoopbackOnly);
    // A ping of the server instead of a resource (RFC 9110, 9.3.7).
    if (request.method === 'OPTIONS' && request.url === '*') response.writeHead(204).end();
    else if (refusal) refuse(response, refusal);
    else handle(request, response);
  });

  server.on('connection', (socket) => {
    linger(socket, inFlight.latestOf);
    load.anonymous.add(socket);
  });

  // Ends a connection without traffic during a request, for example if its client does not read the response. The limit
  // is longer than an operation may take. After the response, `keepAliveTimeout` replaces it.
  enforceHttpLimits(server, drainMs, inFlight, load.onLimit);

  await new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => {
      load.stop();
      reject(toListenError(error, host, port, portVariable));
    };
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      resolve();
    });
  });
  const address = server.address();
  const actualPort = typeof address === 'object' && address ? address.port : port;

  return {
    url: toOrigin(host, actualPort),
    announceClose: load.announceClose,
    close: async () => {
      server.closeIdleConnections();
      // The port stays open in the meantime, so that a new request gets SHUTTING_DOWN.
      await Promise.race([load.drain(), setTimeout(drainMs, undefined, { ref: false })]);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Not only idle sockets: Node does not count a socket that never sent a request as idle.
      server.closeAllConnections();
      await closed;
      load.stop();
    },
  };
}

/** Formats a host and a port as an `http` URL without a trailing slash. */
export function toOrigin(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Lets a connection read for a moment longer if a response ends it before the request is complete. If it were closed
 * immediately, with unread bytes, it would be reset, and the reset can overtake the response.
 *
 * Called once per connection. A function per request would retain that request, so that the garbage collector moves it
 * twice, which takes longer than the rest of the collector's work.
 */
function linger(socket: Socket, latestOf: InFlight['latestOf']): void {
  const destroySoon = () => Socket.prototype.destroySoon.call(socket);
  socket.destroySoon = () => {
    const request = latestOf(socket);
    if (!request || request.complete) return destroySoon();
    socket.end();
    request.once('end', destroySoon);
    void setTimeout(LINGER_MS, undefined, { ref: false }).then(destroySoon);
  };
}

/** Converts the error of opening a port to a {@link ListenError} with advice. */
export function toListenError(
  error: NodeJS.ErrnoException,
  host: string,
  port: number,
  portVariable: string,
): ListenError {
  switch (error.code) {
    case 'EADDRINUSE':
      return new ListenError(
        `Port ${port} on ${host} is in use.`,
        `Stop the program that uses it, or choose another port: ${portVariable}=${port < 65_000 ? port + 10 : port - 10}`,
      );
    case 'EACCES':
      return new ListenError(
        `Port ${port} requires more privileges.`,
        `Choose a port above 1023: ${portVariable}=${port + 8000}`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ListenError(
        `${host} is not an address of this machine.`,
        `Choose one of its addresses: HOST=127.0.0.1, or HOST=0.0.0.0`,
      );
    default:
      return new ListenError(`Port ${port} on ${host} cannot be opened: ${error.code ?? 'unknown error'}`, null);
  }
}

/** A response to a request that never reaches the handler. */
interface Refusal {
  readonly status: number;
  readonly message: string;
}

/**
 * Converts an absolute URL in the request line, which every server must accept, to its path. Its host replaces the
 * `Host` header (RFC 9112, 3.2.2).
 */
function toOriginForm(request: IncomingMessage): void {
  const [, host, path = ''] = /^https?:\/\/([^/?#]+)(.*)$/i.exec(request.url ?? '') ?? [];
  if (host === undefined) return;
  request.headers.host = host;
  request.url = path.startsWith('/') ? path : `/${path}`;
}

/** The probes, which reveal nothing about a person. */
const PROBES = /^\/(?:health|ready)(?:\?|$)/;

/**
 * Returns the refusal of a malformed or foreign request, or null. Runs before any other code parses the URL.
 *
 * A web page can point its own domain at 127.0.0.1 and then read the responses as its own (DNS rebinding). The `Host`
 * header still names that domain. This matters in `dev`, whose keys are public. The header may be missing in HTTP/1.0,
 * for example in HAProxy's plain health check. A browser always sends it.
 */
function findRefusal({ url = '', headers: { host = '' } }: IncomingMessage, isLoopbackOnly: boolean): Refusal | null {
  const base = `http://${host || 'localhost'}`;
  const isWellFormed = /^\/(?!\/)/.test(url) && /^[^\s/?#@\\,]*$/.test(host) && URL.canParse(url, base);
  if (!isWellFormed) return { status: 400, message: 'The request line or the Host header is malformed.' };
  if (!isLoopbackOnly || (host === '' ? PROBES.test(url) : isLoopbackHost(new URL(base).hostname))) return null;
  return { status: 421, message: 'This server accepts only a loopback host in the Host header.' };
}

/** Responds to a refused request. */
function refuse(response: ServerResponse, { status, message }: Refusal): void {
  response.writeHead(status, { 'content-type': 'text/plain', 'cache-control': 'no-store', connection: 'close' });
  response.end(`${message}\n`);
}
