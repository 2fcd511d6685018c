import type { ConnectionKey } from '../domain/connection-key.js';
import type { ConnectionReading } from '../domain/connection.js';
import { discardBody, joinChunks, parseJson, readBody } from './body.js';
import { PlatformError } from './errors.js';
import { parseRetryAfter } from './retry-after.js';
import { toTransportError } from './transport-error.js';
import { parseConnectionBody } from './wire.js';

/** What is looked at of a response. */
export interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  /** Null unless the status is 200: the bodies of errors are not specified. */
  readonly body: Uint8Array | null;
}

/**
 * Reads what is looked at of a response, and lets go of the rest.
 *
 * @returns rejects with a {@link PlatformError}; at once for a response of our own transport, which is whole
 */
export function readAnswer(response: Response): Answer | Promise<Answer> {
  const { status, headers, body } = response;
  const retryAfter = status === 200 ? null : headers.get('retry-after');
  if (isWhole(body)) return { status, retryAfter, body: status === 200 ? joinChunks(body) : null };
  return readStream(response).then(
    (bytes) => ({ status, retryAfter, body: bytes }),
    (error: unknown) => {
      throw toTransportError(error);
    },
  );
}

function isWhole(body: unknown): body is readonly Uint8Array[] {
  return Array.isArray(body);
}

async function readStream(response: Response): Promise<Uint8Array | null> {
  if (response.status === 200) return readBody(response);
  await discardBody(response);
  return null;
}

/**
 * Understands an answer, by its status first and by that alone unless it is 200.
 *
 * @throws {PlatformError} unless it is a connection or the word that there is none
 */
export function interpret({ status, retryAfter, body }: Answer, key: ConnectionKey): ConnectionReading {
  if (body) return parseConnectionBody(parseJson(body), key.connectorSlug);
  if (status === 404) return { found: false };
  if (status === 401 || status === 403) {
    throw new PlatformError('PLATFORM_AUTH_FAILED', `The Platform API refused our key with ${status}.`, { status });
  }
  if (status === 429) {
    const retryAfterMs = parseRetryAfter(retryAfter, Date.now());
    throw new PlatformError('PLATFORM_RATE_LIMITED', 'The Platform API answered 429.', { status, retryAfterMs });
  }
  if (status === 408 || status >= 500) {
    throw new PlatformError('PLATFORM_UNAVAILABLE', `The Platform API answered ${status}.`, { status });
  }
  throw new PlatformError('PLATFORM_BAD_RESPONSE', `The Platform API answered ${status}.`, { status });
}
