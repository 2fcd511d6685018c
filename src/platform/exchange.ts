import type { Client, Dispatcher } from 'undici';

import type { Answer } from './answer.js';
import { MAX_BODY_BYTES, MAX_DISCARDED_BYTES, tooLong } from './body.js';
import type { Connections } from './connections.js';
import { decode } from './decode.js';
import type { AbortListener, Signal } from './signal.js';

/**
 * One request and its answer, which is collected to its end or to its bound.
 *
 * The platform may close an idle connection at the very moment when a request goes out on it. That says nothing about
 * the platform, so the request is sent again at once, over a new connection: another idle one may be just as dead. Once
 * the response has begun, a broken connection is a failure of the platform.
 *
 * undici calls it by the names of its older handlers: the newer ones are an adapter upon these, which makes an object of
 * all the headers of each answer.
 */
export class Exchange implements Answer, AbortListener, Dispatcher.DispatchHandler {
  status = 0;
  readonly body: Uint8Array[] = [];
  readonly #connections: Connections;
  readonly #client: Client;
  readonly #request: Dispatcher.DispatchOptions;
  readonly #signal: Signal;
  readonly #resolve: (answer: Answer | Promise<Answer>) => void;
  readonly #reject: (error: unknown) => void;
  /** Whether its connection was idle before. */
  readonly #wasIdle: boolean;
  #abort: (() => void) | null = null;
  #isEnded = false;
  #headers: readonly Uint8Array[] = [];
  #length = 0;

  /** @param client one of the connections, taken for it; it gives it back */
  constructor(
    connections: Connections,
    client: Client,
    request: Dispatcher.DispatchOptions,
    signal: Signal,
    resolve: (answer: Answer | Promise<Answer>) => void,
    reject: (error: unknown) => void,
  ) {
    this.#connections = connections;
    this.#client = client;
    this.#request = request;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#wasIdle = client.stats.connected;
  }

  send(): void {
    this.#signal.addEventListener('abort', this, { once: true });
    this.#client.dispatch(this.#request, this);
  }

  header(name: string): string | null {
    const headers = this.#headers;
    for (let index = 0; index < headers.length; index += 2) {
      // Most differ in length, which is seen without reading them.
      if (headers[index]?.length === name.length && toText(headers[index]).toLowerCase() === name) {
        return toText(headers[index + 1]);
      }
    }
    return null;
  }

  /** Nobody waits for the answer any more. */
  handleEvent(): void {
    if (this.#abort) this.#fail(nobodyWaits());
    else if (this.#end()) {
      this.#connections.giveBackUnsent(this.#client);
      this.#reject(nobodyWaits());
    }
  }

  onConnect(abort: () => void): void {
    // Passed over: the connection is left to the next request.
    if (this.#isEnded) throw nobodyWaits();
    this.#abort = abort;
  }

  onHeaders(status: number, headers: readonly Uint8Array[]): boolean {
    this.status = status;
    this.#headers = headers;
    return true;
  }

  onData(chunk: Uint8Array): boolean {
    this.#length += chunk.byteLength;
    const isRead = this.status === 200;
    if (this.#length <= (isRead ? MAX_BODY_BYTES : MAX_DISCARDED_BYTES)) {
      if (isRead) this.body.push(chunk);
      return true;
    }
    // Its end is too far away: the socket is given up for it.
    if (!isRead) this.#resolve(this);
    this.#fail(tooLong());
    return true;
  }

  onComplete(): void {
    if (!this.#end()) return;
    this.#connections.giveBack(this.#client);
    const encoding = this.status === 200 ? this.header('content-encoding') : null;
    this.#connections.atEndOfTurn(() => this.#resolve(encoding === null ? this : this.#decode(encoding)));
  }

  onError(error: Error): void {
    if (this.#wasIdle && this.status === 0 && isDisconnect(error)) this.#repeat();
    else this.#fail(error);
  }

  #repeat(): void {
    if (!this.#end()) return;
    const connections = this.#connections;
    connections.drop(this.#client);
    new Exchange(connections, connections.open(), this.#request, this.#signal, this.#resolve, this.#reject).send();
  }

  async #decode(encoding: string): Promise<Answer> {
    const body = await decode(encoding, this.body);
    return { status: this.status, body: [body], header: (name) => this.header(name) };
  }

  #fail(error: Error): void {
    if (!this.#end()) return;
    this.#reject(error);
    this.#abort?.();
    this.#connections.drop(this.#client);
  }

  /** Tells whether it has ended only now. */
  #end(): boolean {
    if (this.#isEnded) return false;
    this.#isEnded = true;
    this.#signal.removeEventListener('abort', this);
    return true;
  }
}

/** Says that a request was given up. */
export function nobodyWaits(): Error {
  return new Error('Nobody waits for the answer.');
}

function toText(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('latin1');
}

/** Tells whether a connection broke. */
function isDisconnect(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}
