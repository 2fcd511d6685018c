import { parseBaseUrl } from '../domain/base-url.js';
import { type ConnectionKey, formatConnectionKey, parseConnectionKey } from '../domain/connection-key.js';
import { type ConnectionReading, type ConnectionState, toConnectionState } from '../domain/connection.js';
import { MAX_TIMER_MS, requireCount } from '../domain/option.js';
import { type BreakerEvent, createBreaker, NO_BREAKER } from './breaker.js';
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
const DEFAULT_DEADLINE_MS = 8_000;
const DEFAULT_ATTEMPT_TIMEOUT_MS = 5_000;
const DEFAULT_MAX_RETRIES = 2;

/** Configures {@link createPlatformClient}. */
export interface PlatformClientOptions {
  /** The publishable key: the user name of the Basic credentials. Must not contain a colon. */
  readonly publishableKey: string;
  /** The secret key: the password. It gives access to every user's token. */
  readonly secretKey: string;
  /** Root URL: `https`, or `http` on a loopback host. @default 'https://app.xkit.co/api/platform' */
  readonly apiUrl?: string | undefined;
  /** Generation of the Platform API. Determines the paths. @default 'connections' */
  readonly generation?: ApiGeneration | undefined;
  /** Replaces the generation's paths. */
  readonly paths?: PathOverrides | undefined;
  /** Time limit for one lookup, including retries and back-off, in milliseconds. @default 8000 */
  readonly deadlineMs?: number | undefined;
  /**
   * Time limit for one request, from connecting to the last byte of the body, in milliseconds. At most 90 % of
   * `deadlineMs`. A request that times out is not retried.
   * @default 5000
   */
  readonly attemptTimeoutMs?: number | undefined;
  /**
   * Maximum retries of one request, after a broken connection, 408, 5xx, or a 429 whose `Retry-After` leaves time. All
   * lookups share a budget: a fifth of the requests, plus ten a second.
   * @default 2
   */
  readonly maxRetries?: number | undefined;
  /**
   * Whether concurrent lookups of the same connection share one response, even across callers. The response is not
   * cached. The schema checks access first.
   * @default true
   */
  readonly singleFlight?: boolean | undefined;
  /**
   * Whether lookups fail immediately with `PLATFORM_UNAVAILABLE` while the platform is down, except a probe every 2 s.
   * The platform is down when at least 50 % of at least 10 requests within 10 s failed, for at least 5 connections.
   * Timeouts, broken connections, 408, and 5xx count as failures.
   * @default true
   */
  readonly breaker?: boolean | undefined;
  /** Called with each event, for logs and metrics. Its errors are dropped. */
  readonly onEvent?: ((event: PlatformEvent) => void) | undefined;
  /** Maximum concurrent requests to the Platform API. @default 256 */
  readonly maxSockets?: number | undefined;
  /** Maximum requests that wait for a socket. Further ones fail with `OVERLOADED`. @default 1024 */
  readonly maxQueue?: number | undefined;
  /**
   * Sends the requests. On Node, `createUndiciTransport` of `xkit-graphql/undici` takes a fifth of the default's time.
   * @default ofetch over `fetch`
   */
  readonly transport?: Transport | undefined;
  /** The `fetch` of the default transport. Must honor `signal` and `redirect: 'manual'`. @default the global `fetch` */
  readonly fetch?: Fetch | undefined;
}

/**
 * An event of a client: a breaker change, a failed probe, a retry, a lookup that joined another one, the end of a request, or the end
 * of a lookup. `status` is null without a response. A lookup has the requested connector, and either the connection's
 * state or the error's code.
 */
export type PlatformEvent =
  | BreakerEvent
  | { readonly type: 'retry' }
  | { readonly type: 'joined' }
  | { readonly type: 'attempt'; readonly ms: number; readonly status: number | null }
  | {
      readonly type: 'lookup';
      readonly connectorSlug: string;
      readonly state: ConnectionState | null;
      readonly code: PlatformErrorCode | null;
    };

/** Configures one lookup. */
export interface ReadConnectionOptions {
  /** Aborts when the caller no longer waits. The platform request is aborted when its last waiter leaves. */
  readonly signal?: AbortSignal | undefined;
  /** Remaining time in milliseconds, if it is less than the client's `deadlineMs`. */
  readonly timeoutMs?: number | undefined;
  /** Whether to start a new lookup instead of joining one in flight. */
  readonly fresh?: boolean | undefined;
  readonly observer?: LookupObserver | undefined;
}

/** Reads connections from the Platform API. */
export interface PlatformClient {
  /**
   * Reads one connection with one GET, plus retries. The platform refreshes an expired token during the request. The
   * reading may hold a token that must not be used: the schema decides.
   * @throws {InvalidInputError} before any request, if the key is invalid
   * @throws {PlatformError} for every other failure
   */
  readConnection(key: ConnectionKey, options?: ReadConnectionOptions): Promise<ConnectionReading>;
  /** Closes the sockets. In-flight requests fail. */
  close(): Promise<void>;
}

/**
 * Creates a client of the Platform API. Use one per process. It holds sockets and keys, and caches no response.
 * @throws {TypeError} if an option is invalid. The message names the option and never repeats a key
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
    // The breaker ignores an attempt that the lookup's deadline cut off, so an attempt must time out first.
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
    breaker: (options.breaker ?? true) ? createBreaker(report) : NO_BREAKER,
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
    report({ type: 'lookup', connectorSlug, state, code: !reading && isPlatformError(error) ? error.code : null });
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
