import { buildConnector, Client, type Dispatcher, EnvHttpProxyAgent } from 'undici';

/** How long a connection rests after a response before it carries another request, in milliseconds. */
const REST_MS = 150;
/** How long a new connection may wait for its first request, in milliseconds. */
const MAX_UNUSED_MS = 100;

/** A request has a time limit of its own, so undici needs no timers for parts of it. */
const NO_TIMEOUTS = { headersTimeout: 0, bodyTimeout: 0 };

/** One keep-alive connection. */
export interface Connection {
  readonly dispatcher: Dispatcher;
  /** When its last response ended, by `performance.now()`; null before the first one. */
  idleSince: number | null;
}

interface ConnectionsOptions {
  /** No fewer than there are requests at the same time. */
  readonly maxConnections: number;
  /** Whether the environment (`HTTPS_PROXY`, `NO_PROXY`) decides about a proxy. */
  readonly usesProxyVariables: boolean;
}

/**
 * The keep-alive connections to one platform, each with one request at a time.
 *
 * HTTP/1.1 matches a response to its request by order alone, and the platform's responses name no owner. A surplus
 * response, sent by the platform or by a proxy in front of it, would therefore pass for the response to the next
 * request: another person's token. undici closes a connection on which a byte arrives while it is idle, but not once the
 * next request is written. So each connection rests after a response, and the one that has been idle longest is taken
 * first. While the idle ones rest, another one is opened. Only when there are `maxConnections` does a request take one
 * that still rests. undici's own pool takes the one that was used last. See decision 034.
 */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #connect = createConnector();
  readonly #all = new Set<Connection>();
  /** The one that has been idle longest is first. */
  readonly #idle = new Set<Connection>();
  #isClosed = false;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  /** Takes a connection for one request, which gives it back or drops it. */
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
    const connection: Connection = { dispatcher: this.#createDispatcher(origin), idleSince: null };
    this.#all.add(connection);
    // A connection with a request is the request's to drop.
    connection.dispatcher.on('disconnect', () => this.#idle.delete(connection) && this.drop(connection));
    return connection;
  }

  /** Takes back a connection whose response has ended. */
  giveBack(connection: Connection): void {
    connection.idleSince = performance.now();
    this.#idle.add(connection);
  }

  /** Closes a connection. Left to itself, undici would open another one in its place. */
  drop(connection: Connection): void {
    this.#all.delete(connection);
    void connection.dispatcher.destroy();
  }

  /** Closes all connections; requests in flight fail. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(Array.from(this.#all, ({ dispatcher }) => dispatcher.destroy()));
  }

  #createDispatcher(origin: string): Dispatcher {
    if (this.#options.usesProxyVariables) return new EnvHttpProxyAgent({ connections: 1, ...NO_TIMEOUTS });
    return new Client(origin, { connect: this.#connect, ...NO_TIMEOUTS });
  }
}

/**
 * Opens connections, and closes those that nothing is sent over: undici has no time limit for them
 * (nodejs/undici#5845).
 */
function createConnector(): buildConnector.connector {
  const connect = buildConnector({});
  return (options, callback) =>
    connect(options, (...result) => {
      callback(...result);
      const [, socket] = result;
      if (socket) setTimeout(() => socket.bytesWritten === 0 && socket.destroy(), MAX_UNUSED_MS).unref();
    });
}
