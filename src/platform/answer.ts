import type { ConnectionKey } from '../domain/connection-key.js';
import type { ConnectionReading } from '../domain/connection.js';
import { joinChunks, MAX_BODY_BYTES, MAX_DISCARDED_BYTES, parseJson, readChunks, tooLong } from './body.js';
import { PlatformError } from './errors.js';
import { parseRetryAfter } from './retry-after.js';
import { parseConnectionBody } from './wire.js';

/** What is looked at of a response. It is whole. */
export interface Answer {
  readonly status: number;
  /** As far as it may be read: of a 200 all of it. The bodies of errors are not specified. */
  readonly body: readonly Uint8Array[];
  /** Gives the first header of a name in lower case. */
  header(name: string): string | null;
}

/**
 * Reads a response as far as it may be read, and lets go of the rest.
 *
 * @throws {PlatformError} `PLATFORM_BAD_RESPONSE` if the body of a 200 is longer than {@link MAX_BODY_BYTES}
 */
export async function readAnswer(response: Response): Promise<Answer> {
  const { status, headers } = response;
  let body: readonly Uint8Array[] | null = [];
  if (status === 200) body = await readChunks(response.body, MAX_BODY_BYTES);
  else await discardBody(response);
  if (!body) throw tooLong();
  return { status, body, header: (name) => headers.get(name) };
}

/** Reads a body to the end that nobody looks at, so that its socket can be used again; a long one costs the socket. */
async function discardBody({ body }: Response): Promise<void> {
  try {
    await readChunks(body, MAX_DISCARDED_BYTES);
  } catch {
    // Broken: its socket is gone, and the status is known.
  }
}

/**
 * Understands an answer, by its status first and by that alone unless it is 200.
 *
 * @throws {PlatformError} unless it is a connection or the word that there is none
 */
export function interpret(answer: Answer, key: ConnectionKey): ConnectionReading {
  const { status } = answer;
  if (status === 200) return parseConnectionBody(parseJson(joinChunks(answer.body)), key.connectorSlug);
  if (status === 404) return { found: false };
  if (status === 401 || status === 403) {
    throw new PlatformError('PLATFORM_AUTH_FAILED', `The Platform API refused our key with ${status}.`, { status });
  }
  if (status === 429) {
    const retryAfterMs = parseRetryAfter(answer.header('retry-after'), Date.now());
    throw new PlatformError('PLATFORM_RATE_LIMITED', 'The Platform API answered 429.', { status, retryAfterMs });
  }
  if (status === 408 || status >= 500) {
    throw new PlatformError('PLATFORM_UNAVAILABLE', `The Platform API answered ${status}.`, { status });
  }
  throw new PlatformError('PLATFORM_BAD_RESPONSE', `The Platform API answered ${status}.`, { status });
}
