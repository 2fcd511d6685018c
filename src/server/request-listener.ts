import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

import type { Gateway } from './gateway.js';

/**
 * Answers requests of node:http by the gateway.
 *
 * Yoga's own listener sends an answer in pieces, each of which is a system call: this writes it in one. All that the
 * gateway answers is text.
 */
export function toRequestListener(gateway: Gateway): RequestListener {
  return (request, response) => {
    answer(gateway, request, response).catch(() => {
      // A bug of ours or of Yoga's, outside of what masks errors. What it says stays here.
      if (!response.headersSent) response.writeHead(500, { 'cache-control': 'no-store' });
      response.end();
    });
  };
}

async function answer(gateway: Gateway, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answered = await gateway.handleNodeRequestAndResponse(request, response, { req: request, res: response });
  const body = await answered.text();
  if (response.destroyed) return;
  for (const [name, value] of answered.headers) response.setHeader(name, value);
  if (body !== '') response.setHeader('content-length', Buffer.byteLength(body));
  response.writeHead(answered.status);
  response.end(body);
}
