import { buildConnector, fetch as undiciFetch, Pool } from 'undici';

/** The one thing the platform client needs of the network; anything with this shape can be injected. */
export type Fetch = typeof globalThis.fetch;

/** Requests to the Platform API at the same time at most, each on a socket; any more queue. At 64 sockets they, not the CPU, decide latency. */
export const DEFAULT_MAX_SOCKETS = 256;
/** Requests that may wait for a socket at most. */
export const DEFAULT_MAX_QUEUE = 1_024;
/** How long a new connection may wait for its first request, in milliseconds. */
const MAX_UNUSED_MS = 100;

/** Sends requests over a bounded pool of keep-alive connections. */
export interface Transport {
  readonly fetch: Fetch;
  /** Closes the pool's sockets; requests in flight fail. */
  close(): Promise<void>;
}

/**
 * Creates the transport to the Platform API.
 *
 * @param maxSockets how many requests there are at the same time; who sends them sees to it
 *
 * The platform may close an idle connection at the very moment when a request goes out on it. That says nothing about
 * the platform, so the request is sent again at once, over a connection of its own: another one of the pool may be just
 * as dead.
 */
export function createTransport(origin: string, maxSockets: number): Transport {
  const pool = new Pool(origin, { connections: maxSockets, connect: createConnector() });
  // Without pipelining there is no keep-alive either: each request has a new connection.
  const fresh = new Pool(origin, { connections: maxSockets, pipelining: 0 });
  const fetch = async (url: string, init: { readonly signal?: AbortSignal }) => {
    const { free } = pool.stats;
    try {
      return await send(url, init, pool);
    } catch (error) {
      const mayHaveBeenIdle = free > 0 && isDisconnect(error);
      if (!mayHaveBeenIdle || init.signal?.aborted) throw error;
      return send(url, init, fresh);
    }
  };

  return {
    // The two fetch functions differ in nothing but the declared types.
    fetch: fetch as unknown as Fetch,
    close: async () => {
      await Promise.all([pool.destroy(), fresh.destroy()]);
    },
  };
}

/**
 * Opens connections, and closes those that nothing is sent over: in the place of one whose request was aborted undici
 * opens another, for which it has no time limit (nodejs/undici#5845).
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

/** Sends by undici's own fetch, with its own pool: Node's built-in fetch brings another version of it. */
async function send(url: string, init: object, dispatcher: Pool) {
  return undiciFetch(url, { ...init, dispatcher });
}

/** Tells whether a connection broke before there was an answer. */
function isDisconnect(error: unknown): boolean {
  const { code } = ((error as Error | undefined)?.cause ?? {}) as NodeJS.ErrnoException;
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}
