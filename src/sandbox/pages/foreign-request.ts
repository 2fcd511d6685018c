import type { H3Event } from 'h3';

import { createRefusal } from './refusal.js';

/**
 * Refuses what a foreign web page sent by the browser of somebody who has the sandbox open. There is no password to
 * steal, but a fault that somebody else switched on costs an afternoon.
 *
 * @throws {HTTPError} 403 for a form of another site (CSRF), 421 for a page of a domain that was pointed at this machine
 * (DNS rebinding)
 */
export function refuseForeignRequest(event: H3Event): void {
  const { method, headers } = event.req;
  const host = headers.get('host') ?? event.url.host;
  // Whoever opened a port to the network decides by what name it is called.
  const isOnLoopback = LOOPBACK_ADDRESS.test(event.runtime?.node?.req.socket.localAddress ?? '');
  if (isOnLoopback && !LOOPBACK_HOST.test(host)) {
    throw createRefusal(421, 'Not here', 'This sandbox is for this machine alone. Open it as localhost or 127.0.0.1.');
  }
  if (method !== 'GET' && method !== 'HEAD' && isCrossSite(headers, host)) {
    throw createRefusal(
      403,
      'Refused',
      'This form came from another site. Nothing was done. Use the forms of the pages above.',
    );
  }
}

const LOOPBACK_ADDRESS = /^(?:(?:::ffff:)?127\.|::1$)/;
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/** Tells whether a browser says that a page of another origin sent this; what is no browser says nothing. */
function isCrossSite(headers: Headers, host: string): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site !== 'same-origin' && site !== 'none';
  const origin = headers.get('origin');
  return origin !== null && !(URL.canParse(origin) && new URL(origin).host === host);
}
