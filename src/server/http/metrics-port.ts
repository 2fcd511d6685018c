import type { RequestListener } from 'node:http';
import { Registry } from 'prom-client';
import { type HttpServer, listen } from './listen.js';

/** How long a connection to the port may be silent, in milliseconds. */
const SILENCE_MS = 5_000;

/**
 * Opens the port of the metrics: `GET /metrics` and nothing else.
 *
 * A port of its own, so that whoever asks for the metrics needs no key, and whoever has a key does not see them.
 *
 * @param read writes the text format of Prometheus
 * @throws {ListenError} if the port cannot be opened
 */
export async function openMetricsPort(
  { host }: { readonly host: string },
  port: number,
  read: () => Promise<string>,
): Promise<HttpServer> {
  return listen(answerWith(read), {
    host,
    port,
    portVariable: 'XKIT_METRICS_PORT',
    isLoopbackOnly: false,
    drainMs: SILENCE_MS,
  });
}

function answerWith(read: () => Promise<string>): RequestListener {
  return ({ method, url = '' }, response) => {
    const answer = (status: number, text: string, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'content-type': 'text/plain', 'cache-control': 'no-store', ...headers }).end(text);
    };
    if (url.split('?')[0] !== '/metrics') answer(404, 'There is nothing here but /metrics.\n');
    else if (method !== 'GET') answer(405, 'Read the metrics by GET.\n', { allow: 'GET' });
    else {
      read().then(
        (text) => answer(200, text, { 'content-type': Registry.PROMETHEUS_CONTENT_TYPE }),
        () => answer(500, 'The metrics cannot be read.\n'),
      );
    }
  };
}
