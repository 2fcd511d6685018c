import type { IncomingMessage, ServerResponse } from 'node:http';

import { isLoopbackHost } from '../../domain/base-url.js';

/** Why a request is not even looked at. */
interface Refusal {
  readonly status: number;
  readonly message: string;
}

/**
 * Finds what is wrong with a request before anything makes a URL of it, or null.
 *
 * A web page can point a domain of its own at 127.0.0.1 and then read the answers as its own (DNS rebinding); the
 * `Host` header still names that domain. It matters where everybody knows the keys: in `dev`.
 */
export function findRefusal(
  { url = '', headers: { host = '' } }: IncomingMessage,
  isLoopbackOnly: boolean,
): Refusal | null {
  // Only the origin form of RFC 9112, 3.2.1: neither a whole URL nor `*`.
  const isWellFormed = /^\/(?!\/)/.test(url) && /^[^\s/?#@\\,]+$/.test(host) && canParse(url, host);
  if (!isWellFormed) return { status: 400, message: 'The request line or the Host header is malformed.' };
  return !isLoopbackOnly || isLoopbackHost(new URL(`http://${host}`).hostname)
    ? null
    : { status: 421, message: 'This server answers on a loopback address only.' };
}

/** The host that was well-formed last: almost every request names the same one. */
let knownHost: string | null = null;

/** Tells whether a URL can be made of a path and a host. Of a plain path that is a matter of the host alone. */
function canParse(url: string, host: string): boolean {
  const isPlain = /^[\w/-]+$/.test(url);
  if (isPlain && host === knownHost) return true;
  const isFit = URL.canParse(url, `http://${host}`);
  if (isPlain && isFit) knownHost = host;
  return isFit;
}

/** Answers a refused request. */
export function refuse(response: ServerResponse, { status, message }: Refusal): void {
  response.writeHead(status, { 'content-type': 'text/plain', 'cache-control': 'no-store', connection: 'close' });
  response.end(`${message}\n`);
}
