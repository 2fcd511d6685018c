import { buildConnector, Client, type Dispatcher, EnvHttpProxyAgent } from 'undici';

/** Rest of a connection between a response and the next request, in milliseconds. */
const REST_MS = 150;
/** Maximum time between opening a connection and its first request, in milliseconds. */
const MAX_UNUSED_MS = 100;

/** Each request has its own timeout, so undici needs none. */
const NO_TIMEOUTS = { headersTimeout: 0, bodyTimeout: 0 };
/** A connection carries one request at a time, as decision 034 assumes. undici 8 allows HTTP/2 by default. */
const HTTP_1 = { allowH2: false };

/** One keep-alive connection. */
export interface Connection {
  readonly dispatcher: Dispatcher;
  /** `performance.now()` at the end of the last response. Null before the first one. */
  idleSince: number | null;
  /** Null before it is connected, and behind a proxy. */
  socket: { readonly bytesRead: number } | null;
  /** Bytes that the socket had received at the end of the last response. */
  bytesRead: number;
}

interface ConnectionsOptions {
  /** Must be at least the maximum of concurrent requests. */
  readonly maxConnections: number;
  /** Whether the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`) configures a proxy. */
  readonly usesProxyVariables: boolean;
}

/**
 * The keep-alive connections to one platform, each with one request at a time.
 *
 * HTTP/1.1 matches responses to requests only by order, and the platform's responses name no owner. A surplus
 * response, from the platform or a proxy, would pass for the next one: another person's token. undici closes a
 * connection that receives a byte while idle, but not once the next request is written. So each connection rests after
 * a response. A request takes the longest idle one. If that one still rests, a new one is opened, up to
 * `maxConnections`. At that total, the request takes the resting one. undici's own pool takes the most recently used
 * one. See decision 034.
 */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #connect = createConnector();
  readonly #all = new Set<Connection>();
  /** Longest idle first. */
  readonly #idle = new Set<Connection>();
  #isClosed = false;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  /** Takes a connection for one request. The request must give it back or drop it. */
  take(origin: string): Connection {
    const [longest] = this.#idle;
    if (longest === undefined) return this.open(origin);
    const isRested = performance.now() - (longest.idleSince ?? 0) >= REST_MS;
    if (!isRested && this.#all.size < this.#options.maxConnections) return this.open(origin);
    this.#idle.delete(longest);
    return longest;
  }

  /** Opens a new connection for one request. */
  open(origin: string): Connection {
    if (this.#isClosed) throw new Error('The platform client is closed.');
    const connect: buildConnector.connector = (connectOptions, callback) =>
      this.#connect(connectOptions, (...result) => {
        [, connection.socket] = result;
        callback(...result);
      });
    const dispatcher = this.#createDispatcher(origin, connect);
    const connection: Connection = { dispatcher, idleSince: null, socket: null, bytesRead: 0 };
    this.#all.add(connection);
    // A connection in use is dropped by its request.
    connection.dispatcher.on('disconnect', () => this.#idle.delete(connection) && this.drop(connection));
    return connection;
  }

  /** Returns a connection to the idle ones after its response has ended. */
  giveBack(connection: Connection): void {
    connection.idleSince = performance.now();
    connection.bytesRead = connection.socket?.bytesRead ?? 0;
    this.#idle.add(connection);
  }

  /** Destroys a connection. Otherwise undici would reopen it. */
  drop(connection: Connection): void {
    this.#all.delete(connection);
    void connection.dispatcher.destroy();
  }

  /** Closes all connections. In-flight requests fail. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(Array.from(this.#all, ({ dispatcher }) => dispatcher.destroy()));
  }

  #createDispatcher(origin: string, connect: buildConnector.connector): Dispatcher {
    if (this.#options.usesProxyVariables) return new EnvHttpProxyAgent({ connections: 1, ...HTTP_1, ...NO_TIMEOUTS });
    return new Client(origin, { connect, ...NO_TIMEOUTS });
  }
}

/** Creates a connector that closes unused connections. undici has no timeout for them (nodejs/undici#5845). */
function createConnector(): buildConnector.connector {
  const connect = buildConnector(HTTP_1);
  return (options, callback) =>
    connect(options, (...result) => {
      callback(...result);
      const [, socket] = result;
      if (socket) setTimeout(() => socket.bytesWritten === 0 && socket.destroy(), MAX_UNUSED_MS).unref();
    });
}
