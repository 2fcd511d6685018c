import { buildConnector, type Dispatcher, Pool } from 'undici';

import { decode } from './decode.js';
import { MAX_BODY_BYTES, MAX_DISCARDED_BYTES, tooLong } from './body.js';
import { type Signal, toAbortSignal } from './signal.js';

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
  /** What ofetch makes of the headers that it is given. */
  readonly Headers: typeof Headers;
  /** Closes the pool's sockets; requests in flight fail. */
  close(): Promise<void>;
}

/** Makes a transport of somebody else's `fetch`. */
export function toTransport(fetch: Fetch): Transport {
  return {
    fetch: async (input, init) => fetch(input, { ...init, signal: init?.signal ? toAbortSignal(init.signal) : null }),
    Headers,
    close: async () => undefined,
  };
}

/** Keeps headers as they are given. Headers of the web's own kind would be read, sorted and read again for each request. */
class GivenHeaders {
  constructor(readonly given: Readonly<Record<string, string>>) {}
}

interface Init {
  readonly headers: GivenHeaders;
  readonly signal: Signal;
}

/**
 * What the client reads of a Response. The whole body is there, as far as it may be read at all: at most 1 MiB of a 200,
 * and of other answers what it took to get at the end.
 */
interface WholeResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: readonly Uint8Array[];
}

/**
 * Creates the transport to the Platform API: as much of `fetch` as the client uses, over undici's own dispatch. The
 * whole of it would cost three times as much as all the rest of a lookup. Redirects are never followed.
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

  const fetch = (url: string, { headers, signal }: Init): Promise<WholeResponse> => {
    const request = { path: url.slice(origin.length), method: 'GET' as const, headers: headers.given };
    const { free } = pool.stats;
    return new Promise((resolve, reject) => {
      const failOrRepeat = (error: unknown) => {
        const mayHaveBeenIdle = free > 0 && isDisconnect(error);
        if (!mayHaveBeenIdle || signal.aborted) reject(error);
        else fresh.dispatch(request, new Collector(signal, resolve, reject));
      };
      pool.dispatch(request, new Collector(signal, resolve, failOrRepeat));
    });
  };

  return {
    // Not the whole of fetch, but all that is asked of it.
    fetch: fetch as unknown as Fetch,
    Headers: GivenHeaders as unknown as typeof Headers,
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

type Resolve = (response: WholeResponse | Promise<WholeResponse>) => void;

/** Collects an answer, to its end or to its bound. */
class Collector implements Dispatcher.DispatchHandler {
  readonly #signal: Signal;
  readonly #resolve: Resolve;
  readonly #reject: (error: unknown) => void;
  #abort: (() => void) | null = null;
  #isSettled = false;
  #status = 0;
  #headers: Record<string, string | string[] | undefined> = {};
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  constructor(signal: Signal, resolve: Resolve, reject: (error: unknown) => void) {
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#abort = () => controller.abort(new Error('Nobody waits for the answer.'));
    if (this.#signal.aborted) this.#abort();
    else this.#signal.addEventListener('abort', this.#abort, { once: true });
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#length += chunk.byteLength;
    const isRead = this.#status === 200;
    if (this.#length <= (isRead ? MAX_BODY_BYTES : MAX_DISCARDED_BYTES)) {
      if (isRead) this.#chunks.push(chunk);
      return;
    }
    // Its end is too far away: the socket is given up for it.
    this.#settle(() => (isRead ? this.#reject(tooLong()) : this.#resolve(this.#toResponse())));
    controller.abort(new Error('The body is longer than it may be.'));
  }

  onResponseEnd(): void {
    this.#settle(() => {
      const response = this.#toResponse();
      const encoding = response.headers.get('content-encoding');
      if (encoding === null || this.#status !== 200) this.#resolve(response);
      else this.#resolve(decode(encoding, this.#chunks).then((body) => ({ ...response, body: [body] })));
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#settle(() => this.#reject(error));
  }

  #settle(how: () => void): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    if (this.#abort) this.#signal.removeEventListener('abort', this.#abort);
    how();
  }

  #toResponse(): WholeResponse {
    const headers = this.#headers;
    return {
      status: this.#status,
      headers: { get: (name) => [headers[name] ?? []].flat()[0] ?? null },
      body: this.#chunks,
    };
  }
}

/** Tells whether a connection broke before there was an answer. */
function isDisconnect(error: unknown): boolean {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}
