import { buildConnector, Client } from 'undici';

import { createEndOfTurn } from './end-of-turn.js';

/** How long a connection rests after a response before it carries another request, in milliseconds. */
const REST_MS = 150;
/** How long a new connection may wait for its first request, in milliseconds. */
const MAX_UNUSED_MS = 100;

/** The request has a time limit of its own, so undici needs no timers for parts of it. */
const NO_TIMEOUTS = { headersTimeout: 0, bodyTimeout: 0 };

interface IdleConnection {
  readonly client: Client;
  /** When its last response ended, by `performance.now()`. */
  readonly since: number;
}

/**
 * The keep-alive connections to one platform, each with one request at a time.
 *
 * HTTP/1.1 matches a response to its request by order alone, and the platform's responses name no owner. A surplus
 * response, sent by the platform or by a proxy in front of it, would therefore pass for the response to the next
 * request: another person's token. undici closes a connection on which a byte arrives while it is idle, but not once the
 * next request is written. So each connection rests after a response, and the one that has been idle longest is taken
 * first. While the idle ones rest, another one is opened. Only when there are `maxConnections` does a request take one
 * that still rests.
 */
export class Connections {
  /** Runs the callbacks of responses that are complete together. */
  readonly atEndOfTurn = createEndOfTurn();
  readonly #origin: string;
  readonly #maxConnections: number;
  readonly #connect = createConnector();
  readonly #all = new Set<Client>();
  /** The one that has been idle longest is first. */
  readonly #idle: IdleConnection[] = [];
  #isClosed = false;

  /** @param maxConnections no fewer than there are requests at the same time */
  constructor(origin: string, maxConnections: number) {
    this.#origin = origin;
    this.#maxConnections = maxConnections;
  }

  /** Takes a connection for one request, which gives it back or drops it. */
  take(): Client {
    const [longest] = this.#idle;
    const isRested = longest !== undefined && performance.now() - longest.since >= REST_MS;
    if (isRested || this.#all.size >= this.#maxConnections) this.#idle.shift();
    else return this.open();
    return longest?.client ?? this.open();
  }

  /** Opens a new connection for one request. */
  open(): Client {
    if (this.#isClosed) throw new Error('The platform client is closed.');
    const client = new Client(this.#origin, { connect: this.#connect, ...NO_TIMEOUTS });
    this.#all.add(client);
    client.on('disconnect', () => this.#forget(client));
    return client;
  }

  /** Takes back a connection whose response has ended. */
  giveBack(client: Client): void {
    this.#idle.push({ client, since: performance.now() });
  }

  /** Takes back a connection on which nothing was sent: it needs no rest. */
  giveBackUnsent(client: Client): void {
    this.#idle.unshift({ client, since: -Infinity });
  }

  /** Closes a connection. Left to itself, undici would open another one in its place. */
  drop(client: Client): void {
    this.#all.delete(client);
    void client.destroy();
  }

  /** Closes all connections; requests in flight fail. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(Array.from(this.#all, (client) => client.destroy()));
  }

  /** Drops a connection that was closed while it was idle. One with a request is its exchange's to drop. */
  #forget(client: Client): void {
    const index = this.#idle.findIndex((idle) => idle.client === client);
    if (index === -1) return;
    this.#idle.splice(index, 1);
    this.drop(client);
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
