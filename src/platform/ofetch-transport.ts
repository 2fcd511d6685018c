import { createFetch } from 'ofetch';
import { readBody } from './body.js';
import {
  bodyTooLong,
  MAX_BODY_BYTES,
  MAX_DISCARDED_BYTES,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from './transport.js';

/** A function with the signature of the global `fetch`. Must honor `signal` and `redirect: 'manual'`. */
export type Fetch = typeof globalThis.fetch;

const EMPTY = new Uint8Array();

/**
 * Creates the default transport, which runs wherever there is a `fetch`. The `fetch` owns the connections, which do not
 * rest after a response. See the security guide.
 * @param fetch @default the global one
 */
export function createOfetchTransport(fetch: Fetch = globalThis.fetch): Transport {
  const request = createFetch({ fetch });

  const receive = async ({ url, headers }: TransportRequest, signal: AbortSignal): Promise<TransportResponse> => {
    const response = await request.raw(url, {
      headers,
      signal,
      redirect: 'manual',
      // ofetch's retry ignores deadlines and Retry-After, and its errors quote the URL and the body.
      retry: false,
      ignoreResponseError: true,
      // ofetch's own readers have no bound.
      responseType: 'stream',
    });
    const { status, _data: stream } = response;
    const header = (name: string) => response.headers.get(name);
    if (status === 200) {
      const body = await readBody(stream, MAX_BODY_BYTES);
      if (!body) throw bodyTooLong();
      return { status, header, body };
    }
    // The status is enough. A body that is too long or incomplete only costs its connection.
    await readBody(stream, MAX_DISCARDED_BYTES).catch(() => undefined);
    return { status, header, body: EMPTY };
  };

  return {
    send: (outgoing) => {
      const controller = new AbortController();
      return { response: receive(outgoing, controller.signal), abort: () => controller.abort() };
    },
  };
}
