import { createFetch } from 'ofetch';

import { parseBaseUrl } from '../domain/base-url.js';
import { type ConnectionKey, parseConnectionKey } from '../domain/connection-key.js';
import type { ConnectionReading } from '../domain/connection.js';
import { requireCount } from '../domain/option.js';
import { MAX_TIMER_MS, withinTime } from './attempt.js';
import { discardBody, parseJson, readBody } from './body.js';
import { toBasicCredentials } from './credentials.js';
import { PlatformError } from './errors.js';
import { type ApiGeneration, compilePaths, type PathOverrides, toPathTemplates } from './paths.js';
import { parseRetryAfter } from './retry-after.js';
import { createTransport, DEFAULT_MAX_SOCKETS, type Fetch } from './transport.js';
import { parseConnectionBody } from './wire.js';

/** The root of Xkit's own Platform API. */
export const DEFAULT_API_URL = 'https://app.xkit.co/api/platform';
/** How long one request to the Platform API may take, body included, in milliseconds. */
const DEFAULT_TIMEOUT_MS = 5_000;

/** Configures {@link createPlatformClient}. */
export interface PlatformClientOptions {
  /** The publishable key: the user name of the Basic credentials, so without a colon. */
  readonly publishableKey: string;
  /** The secret key: the password. It opens every user's token. */
  readonly secretKey: string;
  /**
   * Root of the Platform API: `https`, or `http` on a loopback host.
   * @default 'https://app.xkit.co/api/platform'
   */
  readonly apiUrl?: string | undefined;
  /**
   * Generation of the Platform API, which decides the paths.
   * @default 'connections'
   */
  readonly generation?: ApiGeneration | undefined;
  /** Replaces the generation's paths. */
  readonly paths?: PathOverrides | undefined;
  /**
   * Time for one request, from queueing to the last byte of the body, in milliseconds.
   * @default 5000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Sockets to the Platform API at most. Without effect if `fetch` is given.
   * @default 256
   */
  readonly maxSockets?: number | undefined;
  /**
   * Sends the requests. It must not follow redirects (`redirect: 'manual'` is asked for) and must honour `signal`.
   * @default a bounded pool of keep-alive connections
   */
  readonly fetch?: Fetch | undefined;
}

/** Reads connections from the Platform API. */
export interface PlatformClient {
  /**
   * Reads one connection, with one GET. The platform refreshes an expired token inside it.
   *
   * Nothing is decided yet: a token in a reading may be one that must not be used. The schema decides.
   *
   * @throws {InvalidInputError} before any request, if the key cannot be one
   * @throws {PlatformError} for every other failure
   */
  readConnection(
    key: ConnectionKey,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<ConnectionReading>;
  /** Closes the sockets; requests in flight fail. */
  close(): Promise<void>;
}

/**
 * Creates a client of the Platform API. One serves a whole process; it holds sockets and keys, and no answer.
 *
 * @throws {TypeError} if an option cannot work; the message names it and never repeats a key
 * @example
 * const platform = createPlatformClient({ publishableKey: 'pk_…', secretKey: 'sk_…' });
 * const schema = createConnectionsSchema({ platform, catalog: { slug: 'acme' } });
 */
export function createPlatformClient(options: PlatformClientOptions): PlatformClient {
  const apiUrl = parseBaseUrl('apiUrl', options.apiUrl ?? DEFAULT_API_URL);
  const pathOf = compilePaths(toPathTemplates(options.generation ?? 'connections', options.paths));
  const headers = {
    accept: 'application/json',
    authorization: toBasicCredentials(options.publishableKey, options.secretKey),
  };
  const timeoutMs = requireCount('timeoutMs', options.timeoutMs ?? DEFAULT_TIMEOUT_MS, MAX_TIMER_MS);
  const transport = options.fetch
    ? { fetch: options.fetch, close: async () => undefined }
    : createTransport(requireCount('maxSockets', options.maxSockets ?? DEFAULT_MAX_SOCKETS));
  const request = createFetch({ fetch: transport.fetch });

  return {
    async readConnection(key, { signal } = {}) {
      const checkedKey = parseConnectionKey(key);
      const answer = await withinTime(timeoutMs, signal, async (attemptSignal) => {
        const response = await request.raw(apiUrl + pathOf(checkedKey), {
          headers,
          signal: attemptSignal,
          // The credentials must not travel to another host, nor to another user's path on the same one.
          redirect: 'manual',
          // ofetch's retry knows neither deadlines nor Retry-After, and its errors quote the URL and the body.
          retry: false,
          ignoreResponseError: true,
          responseType: 'stream',
        });
        return await readAnswer(response);
      });
      return interpret(answer, checkedKey);
    },
    close: () => transport.close(),
  };
}

/** What is looked at of a response. */
interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  /** Empty unless the status is 200: the bodies of errors are not specified. */
  readonly body: Uint8Array;
}

async function readAnswer(response: Response): Promise<Answer> {
  const { status, headers } = response;
  if (status === 200) return { status, retryAfter: null, body: await readBody(response) };
  await discardBody(response);
  return { status, retryAfter: headers.get('retry-after'), body: new Uint8Array() };
}

/** Understands an answer, by its status first and by that alone unless it is 200. */
function interpret({ status, retryAfter, body }: Answer, key: ConnectionKey): ConnectionReading {
  if (status === 200) return parseConnectionBody(parseJson(body), key.connectorSlug);
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
