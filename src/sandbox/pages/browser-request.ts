import { assertBodySize, type H3Event, HTTPError } from 'h3';

/** Creates the error of a page: an ASCII title of a word or two, and a message with the problem and its fix. */
export function createRefusal(status: number, title: string, message: string): HTTPError {
  return new HTTPError({ status, statusText: title, message });
}

/**
 * Rejects a request that another website sent through the browser of a person who has the sandbox open. The sandbox has
 * no password to steal, but an unexpected fault can cost an afternoon.
 *
 * @throws {HTTPError} 403 for another site's form (CSRF), 421 for another domain with this address (DNS rebinding)
 */
export function refuseForeignRequest(event: H3Event): void {
  const { method, headers } = event.req;
  const host = headers.get('host') ?? event.url.host;
  // A port that is open to the network may have any host name.
  const isOnLoopback = LOOPBACK_ADDRESS.test(event.runtime?.node?.req.socket.localAddress ?? '');
  if (isOnLoopback && !LOOPBACK_HOST.test(host)) {
    throw createRefusal(
      421,
      'Wrong host',
      'The sandbox does not accept this host name. Open it as localhost or 127.0.0.1.',
    );
  }
  if (method !== 'GET' && method !== 'HEAD' && isCrossSite(headers, host)) {
    const message =
      'This form came from another site, so nothing was changed. Use the forms on the pages that are linked above.';
    throw createRefusal(403, 'Refused', message);
  }
}

const LOOPBACK_ADDRESS = /^(?:(?:::ffff:)?127\.|::1$)/;
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/** Returns whether the browser's headers name another origin. Other clients do not send them. */
function isCrossSite(headers: Headers, host: string): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site !== 'same-origin' && site !== 'none';
  const origin = headers.get('origin');
  return origin !== null && !(URL.canParse(origin) && new URL(origin).host === host);
}

/** In bytes. The longest user id takes 2,304, percent-encoded. */
const MAX_FORM_BYTES = 4_096;

/**
 * Reads the form that a page sent.
 *
 * @throws {HTTPError} 413 if it is too long
 */
export async function readForm(event: H3Event): Promise<URLSearchParams> {
  try {
    assertBodySize(event, MAX_FORM_BYTES);
    return new URLSearchParams(await event.req.text());
  } catch (error) {
    if (!HTTPError.isError(error)) throw error;
    const message = `The form has more than ${MAX_FORM_BYTES} bytes. Use the forms on the pages that are linked above.`;
    throw createRefusal(413, 'Too long', message);
  }
}
