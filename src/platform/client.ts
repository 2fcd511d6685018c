import { parseBaseUrl } from '../domain/base-url.js';
import { type ConnectionKey, formatConnectionKey, parseConnectionKey } from '../domain/connection-key.js';
import { type ConnectionReading, type ConnectionState, toConnectionState } from '../domain/connection.js';
import { MAX_TIMER_MS, requireCount } from '../domain/option.js';
import { type BreakerState, createBreaker, NO_BREAKER } from './breaker.js';
import { createConcurrency, DEFAULT_MAX_QUEUE, DEFAULT_MAX_SOCKETS } from './concurrency.js';
import { toBasicCredentials } from './credentials.js';
import { isPlatformError, type PlatformErrorCode } from './errors.js';
import { createLookup } from './lookup.js';
import { type LookupObserver, notify } from './observer.js';
import { createOfetchTransport, type Fetch } from './ofetch-transport.js';
import { type ApiGeneration, type PathOverrides, toPathTemplates } from './paths.js';
import { createRetryBudget } from './retry.js';
import { createSingleFlight } from './single-flight.js';
import type { Transport } from './transport.js';

/** The root of Xkit's own Platform API. */
export const DEFAULT_API_URL = 'https://app.xkit.co/api/platform';
/** How long a lookup may take with all its attempts, in milliseconds. */
const DEFAULT_DEADLINE_MS = 8_000;
/** How long one request to the Platform API may take, body included, in milliseconds. */
const DEFAULT_ATTEMPT_TIMEOUT_MS = 5_000;
/** How often a request is repeated at most. */
const DEFAULT_MAX_RETRIES = 2;

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
   * Time for one lookup with all its attempts and the pauses between them, in milliseconds.
   * @default 8000
   */
  readonly deadlineMs?: number | undefined;
  /**
   * Time for one request, from connecting to the last byte of the body, in milliseconds. One that takes longer is not
   * repeated. Nine tenths of `deadlineMs` at most.
   * @default 5000
   */
  readonly attemptTimeoutMs?: number | undefined;
  /**
   * How often a request is repeated at most: after a broken connection, 408 or 5xx, and after 429 if its `Retry-After`
   * leaves time. All in all a fifth of the requests may be repeated ones, and ten a second.
   * @default 2
   */
  readonly maxRetries?: number | undefined;
  /**
   * Whether lookups of the same connection at the same moment, of whichever requests, share one answer. Nothing is kept
   * once it is there. The schema asks for access first.
   * @default true
   */
  readonly singleFlight?: boolean | undefined;
  /**
   * Whether requests stop while the platform is down, but for a probe every 2 s: PLATFORM_UNAVAILABLE at once. It is
   * taken for down when half of the requests of 10 s fail, ten at least and about five connections; time-outs, broken connections and 5xx count.
   * @default true
   */
  readonly breaker?: boolean | undefined;
  /** Is told what the client does beside answering. */
  readonly onEvent?: ((event: PlatformEvent) => void) | undefined;
  /**
   * Requests to the Platform API at the same time.
   * @default 256
   */
  readonly maxSockets?: number | undefined;
  /**
   * Requests that may wait for a socket; any more are OVERLOADED.
   * @default 1024
   */
  readonly maxQueue?: number | undefined;
  /**
   * Sends the requests. On Node, `createUndiciTransport` of `xkit-graphql/undici` takes a fifth of the time.
   * @default ofetch over `fetch`
   */
  readonly transport?: Transport | undefined;
  /**
   * The `fetch` of the default transport. It must not follow redirects (`redirect: 'manual'` is asked for) and must
   * honor `signal`.
   * @default the global `fetch`
   */
  readonly fetch?: Fetch | undefined;
}

/**
 * What a client does beside answering: its breaker changed, it repeats a request, a lookup joined another one, a
 * request ended, after so many milliseconds and with this status, if there was one; or a lookup ended, with the state of
 * the connection or the code of the error that it failed with. The connector is the one that was asked for.
 */
export type PlatformEvent =
  | { readonly type: 'breaker'; readonly state: BreakerState }
  | { readonly type: 'retry' }
  | { readonly type: 'joined' }
  | { readonly type: 'attempt'; readonly ms: number; readonly status: number | null }
  | {
      readonly type: 'lookup';
      readonly connectorSlug: string;
      readonly state: ConnectionState | null;
      readonly code: PlatformErrorCode | null;
    };

/** Narrows one lookup. */
export interface ReadConnectionOptions {
  /** Aborts when the caller goes away. The request to the platform is aborted once nobody waits for it. */
  readonly signal?: AbortSignal | undefined;
  /** Time that is left for it, in milliseconds, if that is less than the client's own deadline. */
  readonly timeoutMs?: number | undefined;
  /** Whether an answer to an earlier question will not do. */
  readonly fresh?: boolean | undefined;
  /** Is told what becomes of it. */
  readonly observer?: LookupObserver | undefined;
}

/** Reads connections from the Platform API. */
export interface PlatformClient {
  /**
   * Reads one connection, with one GET and few more if it fails. The platform refreshes an expired token inside it.
   *
   * Nothing is decided yet: a token in a reading may be one that must not be used. The schema decides.
   *
   * @throws {InvalidInputError} before any request, if the key cannot be one
   * @throws {PlatformError} for every other failure
   */
  readConnection(key: ConnectionKey, options?: ReadConnectionOptions): Promise<ConnectionReading>;
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
  const paths = toPathTemplates(options.generation ?? 'connections', options.paths);
  const report = (event: PlatformEvent) => notify(() => options.onEvent?.(event));
  const deadlineMs = requireCount('deadlineMs', options.deadlineMs ?? DEFAULT_DEADLINE_MS, MAX_TIMER_MS);
  const attemptTimeoutMs = Math.min(
    requireCount('attemptTimeoutMs', options.attemptTimeoutMs ?? DEFAULT_ATTEMPT_TIMEOUT_MS, MAX_TIMER_MS),
    // Over before the lookup is: an attempt that no caller waited for to its end says nothing to the breaker.
    0.9 * deadlineMs,
  );
  const maxRetries = requireCount('maxRetries', options.maxRetries ?? DEFAULT_MAX_RETRIES, 10, 0);
  const maxSockets = requireCount('maxSockets', options.maxSockets ?? DEFAULT_MAX_SOCKETS);
  const maxQueue = requireCount('maxQueue', options.maxQueue ?? DEFAULT_MAX_QUEUE);
  const transport = options.transport ?? createOfetchTransport(options.fetch);
  const singleFlight = createSingleFlight<ConnectionReading>({
    isShared: options.singleFlight ?? true,
    maxMs: deadlineMs,
  });
  const startLookup = createLookup({
    apiUrl,
    paths,
    authorization: toBasicCredentials(options.publishableKey, options.secretKey),
    deadlineMs,
    attemptTimeoutMs,
    maxRetries,
    budget: createRetryBudget(),
    transport,
    concurrency: createConcurrency(maxSockets, maxQueue),
    breaker: (options.breaker ?? true) ? createBreaker((state) => report({ type: 'breaker', state })) : NO_BREAKER,
    onRetry: () => report({ type: 'retry' }),
    onAttemptEnd: (ms, status) => report({ type: 'attempt', ms, status }),
  });

  const onEnd = (
    { connectorSlug }: ConnectionKey,
    observer: LookupObserver | undefined,
    reading: ConnectionReading | null,
    error: unknown,
  ) => {
    const state = reading && toConnectionState(reading);
    report({ type: 'lookup', connectorSlug, state, code: isPlatformError(error) ? error.code : null });
    notify(() => observer?.onEnd?.(reading, error));
  };

  return {
    readConnection: async (unchecked, readOptions = {}) => {
      const key = parseConnectionKey(unchecked);
      const { observer } = readOptions;
      const start = () => startLookup(key, observer);
      const onJoin = () => {
        report({ type: 'joined' });
        notify(() => observer?.onJoin?.());
      };
      try {
        const reading = await singleFlight.join(formatConnectionKey(key), readOptions, start, onJoin);
        onEnd(key, observer, reading, null);
        return reading;
      } catch (error) {
        onEnd(key, observer, null, error);
        throw error;
      }
    },
    close: async () => transport.close?.(),
  };
}
