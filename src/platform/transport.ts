import { Agent, fetch as undiciFetch } from 'undici';

/** The one thing the platform client needs of the network; anything with this shape can be injected. */
export type Fetch = typeof globalThis.fetch;

/** Sockets to the Platform API at most; above it requests queue. At 64 sockets they, not the CPU, decide latency. */
export const DEFAULT_MAX_SOCKETS = 256;

/** Sends requests over a bounded pool of keep-alive connections. */
export interface Transport {
  readonly fetch: Fetch;
  /** Closes the pool's sockets; requests in flight fail. */
  close(): Promise<void>;
}

/**
 * Creates the transport to the Platform API.
 *
 * @param maxSockets sockets to one origin at most
 */
export function createTransport(maxSockets: number): Transport {
  const dispatcher = new Agent({ connections: maxSockets });
  return {
    // undici's own fetch with undici's own agent: Node's built-in fetch brings another version of it. The two
    // fetch functions differ in nothing but the declared types.
    fetch: ((url: string, init: object) => undiciFetch(url, { ...init, dispatcher })) as unknown as Fetch,
    close: () => dispatcher.destroy(),
  };
}
