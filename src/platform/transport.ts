import { type Answer, readAnswer } from './answer.js';
import { Connections } from './connections.js';
import { Exchange, nobodyWaits } from './exchange.js';
import { type Signal, toAbortSignal } from './signal.js';

/** The one thing the platform client needs of the network; anything with this shape can be injected. */
export type Fetch = typeof globalThis.fetch;

/** Requests to the Platform API at the same time at most, each on a socket; any more queue. At 64 sockets they, not the CPU, decide latency. */
export const DEFAULT_MAX_SOCKETS = 256;
/** Requests that may wait for a socket at most. */
export const DEFAULT_MAX_QUEUE = 1_024;

/** What the client asks a transport for by way of ofetch, in the place of a Request. */
export interface OutgoingRequest {
  readonly url: string;
  readonly signal: Signal;
}

/** Sends requests; what comes of them is an {@link Answer}. */
export interface Transport {
  readonly fetch: Fetch;
  /** What ofetch makes of the headers that it is given. */
  readonly Headers: typeof Headers;
  /** Closes the sockets; requests in flight fail. */
  close(): Promise<void>;
}

type Send<Init> = (request: OutgoingRequest, init: Init) => Promise<Answer>;

/** Makes a transport of somebody else's `fetch`. */
export function toTransport(fetch: Fetch): Transport {
  const send: Send<RequestInit> = async ({ url, signal }, init) =>
    readAnswer(await fetch(url, { ...init, signal: toAbortSignal(signal) }));
  return { fetch: send as unknown as Fetch, Headers, close: async () => undefined };
}

/** Keeps headers as they are given. Headers of the web's own kind would be read, sorted and read again for each request. */
class GivenHeaders {
  constructor(readonly given: Readonly<Record<string, string>>) {}
}

/**
 * Creates the transport to the Platform API: as much of `fetch` as the client uses, over undici's own dispatch. The
 * whole of it would cost three times as much as all the rest of a lookup. Redirects are never followed.
 *
 * There are as many connections as there are requests at the same time; who sends them sees to it.
 */
export function createTransport(origin: string, maxSockets: number): Transport {
  const connections = new Connections(origin, maxSockets);
  const send: Send<{ readonly headers: GivenHeaders }> = ({ url, signal }, { headers }) =>
    new Promise((resolve, reject) => {
      // ofetch takes a moment to get here.
      if (signal.aborted) throw nobodyWaits();
      const path = url.slice(origin.length);
      // Not blocking: else undici looks for another request as soon as the headers of an answer are there.
      const request = { path, method: 'GET' as const, headers: headers.given, blocking: false };
      new Exchange(connections, connections.take(), request, signal, resolve, reject).send();
    });
  return {
    // Not the whole of fetch, but all that is asked of it.
    fetch: send as unknown as Fetch,
    Headers: GivenHeaders as unknown as typeof Headers,
    close: () => connections.close(),
  };
}
