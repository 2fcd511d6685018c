import type { IncomingMessage } from 'node:http';

import type { OperationRecord } from '../operations/operation-record.js';

/** What is looked at of a request before it is Yoga's, whether it came by node:http or by `fetch`. */
export interface AskedRequest extends Pick<Request, 'method' | 'url'> {
  readonly headers: Pick<Headers, 'get'>;
  /** Of one that came by `fetch`. */
  readonly body?: Request['body'];
  /** Of one that came by `fetch`. */
  readonly signal?: AbortSignal;
}

/** A request of node:http, looked at as one of the web's. To make one of those takes as long as all that is asked of it here. */
export class Incoming implements AskedRequest {
  /** Null until somebody asks for it: see `recordOf`. */
  record: OperationRecord | null = null;
  readonly #request: IncomingMessage;

  constructor(request: IncomingMessage) {
    this.#request = request;
  }

  get method(): string {
    return this.#request.method ?? '';
  }

  /** Without the origin, as it was sent. */
  get url(): string {
    return this.#request.url ?? '';
  }

  /** Itself: it has what is asked of headers. */
  get headers(): this {
    return this;
  }

  /** @param name in lower case */
  get(name: string): string | null {
    const value = this.#request.headers[name];
    return (Array.isArray(value) ? value.join(', ') : value) ?? null;
  }
}
