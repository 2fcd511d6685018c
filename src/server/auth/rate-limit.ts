import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import {
  type IRateLimiterOptions,
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
} from 'rate-limiter-flexible';
import { inTime } from '../../access/policy.js';
import { requirePackages } from '../config/require-packages.js';
import type { AuthenticatedCaller } from './authenticated.js';

/** Counts an operation of a caller. Returns null if it is allowed, else the milliseconds until the next one is. */
export type RateLimit = (authenticated: AuthenticatedCaller) => Promise<number | null>;

/** A rate limit, with a method that closes its connection. */
export interface RateLimiter {
  readonly count: RateLimit;
  readonly close: () => Promise<void>;
}

/** Configures {@link createRateLimiter}. */
export interface RateLimiterOptions {
  /** Operations of one caller per minute, unless the policy file sets another limit. */
  readonly operationsPerMinute: number;
  /** Redis in which replicas count together. Without it, each counts alone. Holds a password: never log it. */
  readonly redisUrl?: string | undefined;
  readonly logger: Logger;
}

const WINDOW_S = 60;
/** Timeout of a Redis command, in milliseconds. Every operation waits for one. */
const TIMEOUT_MS = 250;
/** Back-off after a timeout of Redis, in milliseconds. Then one operation probes Redis. */
const PAUSE_MS = 1_000;
/** Timeout of a connection attempt and of a command that no operation awaits anymore, in milliseconds. */
const GIVE_UP_MS = 2_000;
/** Prefix of the counters' keys. */
export const KEY_PREFIX = 'xkit-graphql:operations';

type Counter = Pick<RateLimiterAbstract, 'consume'>;

interface SharedCounter {
  readonly counter: Counter;
  readonly presence: Presence;
  readonly close: () => void;
}

/** Logs each change of availability once. */
interface Presence {
  /** @param isRejection whether Redis accepts connections, and rejects the command that counts */
  away(reason: string, isRejection: boolean): void;
  /** Called when an operation was counted. */
  here(): void;
  /** Called when Redis accepts commands. That shows nothing if it has rejected the command that counts. */
  connected(): void;
}

/** Creates the rate limit. While Redis is down, each replica counts alone instead of refusing callers. */
export async function createRateLimiter(settings: RateLimiterOptions): Promise<RateLimiter> {
  const { operationsPerMinute, redisUrl, logger } = settings;
  // The library only counts. Each caller has its own limit, which a policy reload may change within a window.
  const options = { points: Number.MAX_SAFE_INTEGER, duration: WINDOW_S, keyPrefix: KEY_PREFIX };
  const alone = new RateLimiterMemory(options);
  const shared = redisUrl === undefined ? null : await reachRedis(redisUrl, options, logger);
  const counter = shared ? preferShared(shared, alone) : alone;

  return {
    count: async ({ caller, operationsPerMinute: own }) => {
      const { consumedPoints, msBeforeNext } = await counter.consume(caller.id);
      return consumedPoints <= (own ?? operationsPerMinute) ? null : Math.max(msBeforeNext, 1);
    },
    close: async () => shared?.close(),
  };
}

/** Uses the shared counter, or the local one if that fails. The library's insurance awaits every late response. */
function preferShared({ counter, presence }: SharedCounter, alone: Counter): Counter {
  let wasLateAt = -Infinity;
  let notBefore = -Infinity;
  return {
    consume: async (caller) => {
      const now = performance.now();
      if (now < notBefore) return alone.consume(caller);
      // After a pause, only one operation waits for Redis.
      if (wasLateAt > -Infinity) notBefore = now + PAUSE_MS;
      try {
        const counted = await inTime(counter.consume(caller), TIMEOUT_MS, () => LATE);
        // The response to a command from before the last timeout does not show that Redis is back.
        if (now > wasLateAt) {
          wasLateAt = notBefore = -Infinity;
          presence.here();
        }
        return counted;
      } catch (error) {
        if (error === LATE) {
          wasLateAt = performance.now();
          notBefore = wasLateAt + PAUSE_MS;
        }
        const reason = toReason(error);
        if (reason !== null) presence.away(reason, error !== LATE);
        return alone.consume(caller);
      }
    },
  };
}

/** Returns the reason to log, or null for a lost connection, whose `error` event is logged. */
function toReason(error: unknown): string | null {
  if (error === LATE) return 'late';
  // The first word is an error code, such as READONLY or OOM. The rest may quote the command.
  const { name, message } = error as Error;
  return name === 'ReplyError' ? (/^[A-Z]+/.exec(message)?.[0] ?? 'ERR') : null;
}

const LATE = new Error('Late.');

function createPresence(logger: Logger): Presence {
  let logged: 'away' | 'here' | null = null;
  let isRejected = false;
  const here = () => {
    isRejected = false;
    if (logged === 'here') return;
    logged = 'here';
    logger.info({ event: 'redis-ready' }, 'Redis ready');
  };
  return {
    away: (reason, isRejection) => {
      isRejected ||= isRejection;
      if (logged === 'away') return;
      logged = 'away';
      const message = `Redis unavailable (${reason}); each replica counts operations separately`;
      logger.warn({ event: 'redis-away', reason }, message);
    },
    here,
    connected: () => {
      if (!isRejected) here();
    },
  };
}

/**
 * Loads ioredis on demand: without it, a start takes 0.1 s less.
 * @throws {ConfigurationError} if it is not installed
 */
export async function loadRedis() {
  return requirePackages(import('ioredis'), 'XKIT_REDIS_URL', 'ioredis');
}

/** Creates a lazy Redis client without retries, to diagnose why a connection fails. Holds a password. */
export async function connectOnce(url: string): Promise<Redis> {
  const { Redis } = await loadRedis();
  return new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    commandTimeout: GIVE_UP_MS,
    connectTimeout: GIVE_UP_MS,
    retryStrategy: () => null,
  });
}

/** Starts to connect to Redis, with endless retries, and does not wait for the connection. */
async function reachRedis(url: string, options: IRateLimiterOptions, logger: Logger): Promise<SharedCounter> {
  const { Redis } = await loadRedis();
  const redis = new Redis(url, {
    // A command that waits for a connection would delay its operation.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: GIVE_UP_MS,
    connectTimeout: GIVE_UP_MS,
    retryStrategy: (attempt) => Math.min(attempt * 200, 5_000),
    // After a failover, the server behind the same name or address may be another one. Only a new connection finds it.
    reconnectOnError: ({ message }) => message.includes('READONLY'),
  });
  const presence = createPresence(logger);
  redis.on('error', ({ code, name }: NodeJS.ErrnoException) => presence.away(code ?? name, false));
  redis.on('ready', () => presence.connected());
  const counter = new RateLimiterRedis({ ...options, storeClient: redis });
  return { counter, presence, close: () => redis.disconnect() };
}
