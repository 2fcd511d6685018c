import type { ConnectionKey } from '../domain/connection-key.js';
import type { ConnectionReading } from '../domain/connection.js';
import { PlatformError } from './errors.js';
import { parseRetryAfter } from './retry.js';
import type { TransportResponse } from './transport.js';
import { parseConnectionBody } from './wire.js';

/**
 * Interprets a response: by its status first, and by that alone unless it is 200.
 *
 * @throws {PlatformError} unless it is a connection, or says that there is none
 */
export function interpretResponse(response: TransportResponse, key: ConnectionKey): ConnectionReading {
  const { status } = response;
  if (status === 200) return parseConnectionBody(parseJson(response.body), key.connectorSlug);
  if (status === 404) return { found: false };
  if (status === 401 || status === 403) {
    throw new PlatformError('PLATFORM_AUTH_FAILED', `The Platform API refused our key with ${status}.`, { status });
  }
  if (status === 429) {
    const retryAfterMs = parseRetryAfter(response.header('retry-after'), Date.now());
    throw new PlatformError('PLATFORM_RATE_LIMITED', 'The Platform API answered 429.', { status, retryAfterMs });
  }
  if (status === 408 || status >= 500) {
    throw new PlatformError('PLATFORM_UNAVAILABLE', `The Platform API answered ${status}.`, { status });
  }
  throw new PlatformError('PLATFORM_BAD_RESPONSE', `The Platform API answered ${status}.`, { status });
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses a body as strict JSON in UTF-8. ofetch would return invalid JSON as a string.
 *
 * @throws {PlatformError} `PLATFORM_BAD_RESPONSE` if it is not JSON. The parser's error is dropped: it quotes the text
 */
function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(UTF_8.decode(body));
  } catch {
    const message = "The body of the Platform API's response is not JSON.";
    throw new PlatformError('PLATFORM_BAD_RESPONSE', message, { status: 200 });
  }
}
