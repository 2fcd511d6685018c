import type { RequestListener } from 'node:http';
import { Registry } from 'prom-client';
import { type HttpServer, listen } from './listen.js';

const ALLOW = { allow: 'GET, HEAD, OPTIONS' };
/** How long a connection to the port may be inactive, in milliseconds. */
const SILENCE_MS = 5_000;

/**
 * Opens the metrics port, which serves only `/metrics`.
 *
 * It is a separate port, so that a metrics collector needs no key, and a key does not give access to the metrics.
 *
 * @param read formats the metrics as Prometheus text
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
    if (url.split('?')[0] !== '/metrics') answer(404, 'The metrics are at /metrics.\n');
    // HAProxy's plain health check.
    else if (method === 'OPTIONS') answer(204, '', ALLOW);
    else if (method !== 'GET' && method !== 'HEAD') answer(405, 'Read the metrics with GET.\n', ALLOW);
    else {
      read().then(
        (text) => answer(200, text, { 'content-type': Registry.PROMETHEUS_CONTENT_TYPE }),
        () => answer(500, 'The metrics cannot be read.\n'),
      );
    }
  };
}
