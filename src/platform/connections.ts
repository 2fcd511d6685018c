import { buildConnector, Client } from 'undici';

import { createEndOfTurn } from './end-of-turn.js';

const CLIENT_OPTIONS = {
  // Whoever sends a request has a time limit for all of it, so that undici needs no timers for parts of it.
  headersTimeout: 0,
  bodyTimeout: 0,
  // A connection has one request at a time. If it might have two, undici does not wait for another turn of the event
  // loop after each answer, and tells nobody that it can take one again.
  pipelining: 2,
};
/** How long a new connection may wait for its first request, in milliseconds. */
const MAX_UNUSED_MS = 100;

/**
 * The keep-alive connections of one platform: as many as there were requests at the same time. Each request takes one
 * and gives it back.
 *
 * A pool of undici's would do it, but it looks through all of its connections for each request, twice and more.
 */
export class Connections {
  /** Has the answers that are whole go on together. */
  readonly atEndOfTurn = createEndOfTurn();
  readonly #origin: string;
  readonly #connect = createConnector();
  readonly #all = new Set<Client>();
  // The one that was used last is at the end, and taken first: the others come to the end of their keep-alive.
  readonly #idle: Client[] = [];
  #isClosed = false;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Takes one: an open one if there is any. */
  take(): Client {
    return this.#idle.pop() ?? this.open();
  }

  /** Makes a new one. */
  open(): Client {
    if (this.#isClosed) throw new Error('The platform client is closed.');
    const client = new Client(this.#origin, { connect: this.#connect, ...CLIENT_OPTIONS });
    this.#all.add(client);
    return client;
  }

  /** Takes one back whose answer has come to its end. */
  giveBack(client: Client): void {
    this.#idle.push(client);
  }

  /** Takes one back that may still be connecting: any other goes before it. */
  giveBackUnsent(client: Client): void {
    this.#idle.unshift(client);
  }

  /** Closes one. Left to itself, undici would open another in its place. */
  drop(client: Client): void {
    this.#all.delete(client);
    void client.destroy();
  }

  /** Closes all of them; requests in flight fail. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(Array.from(this.#all, (client) => client.destroy()));
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
