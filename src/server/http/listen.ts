import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { createLoad, type InFlight, type Load } from './load.js';
import { isLoopbackHost } from '../../domain/base-url.js';

/** How long a request may take to arrive, in milliseconds, and how often that is looked at. */
const TIMEOUTS = { requestTimeout: 5_000, headersTimeout: 5_000, connectionsCheckingInterval: 1_000 };
/** How long a connection that is to be closed still reads what its client sends, in milliseconds. */
const LINGER_MS = 1_000;

/** Says why a port could not be opened, and what to do about it. */
export class ListenError extends Error {
  override readonly name = 'ListenError';

  constructor(
    readonly problem: string,
    /** Null where nothing is known to help. */
    readonly advice: string | null,
  ) {
    super([problem, ...(advice === null ? [] : [advice])].join(' '));
  }
}

/** A web server behind an open port. */
export interface HttpServer {
  /** Root of the web server, without a trailing slash. */
  readonly url: string;
  /** Waits for the requests in flight, and closes every socket. */
  close(): Promise<void>;
}

interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** The environment variable that chooses the port, for the message. */
  readonly portVariable: string;
  /** Whether only requests to a loopback host are answered. */
  readonly isLoopbackOnly: boolean;
  /**
   * How long a shutdown waits for requests in flight, and how long a connection may be silent, in milliseconds.
   * @default 10000
   */
  readonly drainMs?: number | undefined;
  /** Counts the requests of this server alone. Stopped once the server is closed. @default one that refuses nothing */
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
    // One too many on this connection, or it broke: nobody reads an answer.
    if (request.socket.destroyed) return;
    const refusal = findRefusal(request, isLoopbackOnly);
    if (refusal) refuse(response, refusal);
    else handle(request, response);
  });

  server.on('connection', (socket) => linger(socket, inFlight.latestOf));

  // Of silence, of a client that does not read its answer too: longer than an operation may take.
  server.setTimeout(drainMs);

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
    close: async () => {
      server.closeIdleConnections();
      // The port stays open meanwhile: a new request is told that the server shuts down.
      await Promise.race([load.drain(), setTimeout(drainMs, undefined, { ref: false })]);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Not only the idle ones: a socket that never sent a request is not among those.
      server.closeAllConnections();
      await closed;
      load.stop();
    },
  };
}

/** Writes an address to listen on as a URL, without a trailing slash. */
export function toOrigin(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Has a connection read on for a moment where an answer ends it before all of the request is there. Closed at once, with
 * bytes unread, it would be reset, and the reset can overtake the answer.
 *
 * Once for a connection: a function for each request of it kept that request for the collector to move, twice, which
 * took longer than all the rest of its work.
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

/** Turns the error of opening a port into one that says what to do. */
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
        `Stop the program that has it, or choose another port: ${portVariable}=${port < 65_000 ? port + 10 : port - 10}`,
      );
    case 'EACCES':
      return new ListenError(
        `Port ${port} needs more rights.`,
        `Choose one above 1023: ${portVariable}=${port + 8000}`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ListenError(
        `This machine has no address ${host}.`,
        `Choose one of its own: HOST=127.0.0.1, or HOST=0.0.0.0`,
      );
    default:
      return new ListenError(`Port ${port} on ${host} cannot be opened: ${error.code ?? 'unknown error'}`, null);
  }
}

/** Why a request is not even looked at. */
interface Refusal {
  readonly status: number;
  readonly message: string;
}

/**
 * Finds what is wrong with a request before anything makes a URL of it, or null.
 *
 * A web page can point a domain of its own at 127.0.0.1 and then read the answers as its own (DNS rebinding); the
 * `Host` header still names that domain. It matters where everybody knows the keys: in `dev`.
 */
function findRefusal({ url = '', headers: { host = '' } }: IncomingMessage, isLoopbackOnly: boolean): Refusal | null {
  // Only the origin form of RFC 9112, 3.2.1: neither a whole URL nor `*`.
  const isWellFormed = /^\/(?!\/)/.test(url) && /^[^\s/?#@\\,]+$/.test(host) && URL.canParse(url, `http://${host}`);
  if (!isWellFormed) return { status: 400, message: 'The request line or the Host header is malformed.' };
  return !isLoopbackOnly || isLoopbackHost(new URL(`http://${host}`).hostname)
    ? null
    : { status: 421, message: 'This server answers on a loopback address only.' };
}

/** Answers a refused request. */
function refuse(response: ServerResponse, { status, message }: Refusal): void {
  response.writeHead(status, { 'content-type': 'text/plain', 'cache-control': 'no-store', connection: 'close' });
  response.end(`${message}\n`);
}
