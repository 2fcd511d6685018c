import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import {
  type IRateLimiterOptions,
  RateLimiterCluster,
  RateLimiterMemory,
  RateLimiterRedis,
} from 'rate-limiter-flexible';

import type { AuthenticatedCaller } from './authentication/authenticated.js';

/** Counts an operation of a caller: null if it may be executed, else the milliseconds until one may again. */
export type RateLimit = (authenticated: AuthenticatedCaller) => Promise<number | null>;

/** A rate limit, and what it holds open. */
export interface RateLimiter {
  readonly count: RateLimit;
  readonly close: () => Promise<void>;
}

/** Configures {@link createRateLimiter}. */
export interface RateLimiterOptions {
  /** Operations of one caller in a minute, unless the policy file says otherwise for it. */
  readonly operationsPerMinute: number;
  /** Where replicas count together; without it each counts alone. Holds a password: never log it. */
  readonly redisUrl?: string | undefined;
  /** Whether this process is a worker: without Redis its primary counts the operations of all. @default false */
  readonly isWorker?: boolean | undefined;
  readonly logger: Logger;
}

const WINDOW_S = 60;
/** How long Redis or the primary may take, in milliseconds: a caller waits for it before every operation. */
const TIMEOUT_MS = 250;
const CONNECT_TIMEOUT_MS = 2_000;
/** What the keys of the counters begin with. */
export const KEY_PREFIX = 'xkit-graphql:operations';

/**
 * Creates the rate limit.
 *
 * While Redis is away each replica counts alone, and so does a worker whose primary does not answer: a limit for
 * fairness is no reason to refuse everybody.
 */
export async function createRateLimiter(settings: RateLimiterOptions): Promise<RateLimiter> {
  const { operationsPerMinute, redisUrl, isWorker = false, logger } = settings;
  const redis = redisUrl === undefined ? null : await connect(redisUrl, logger);
  // It only counts. Each caller has a limit of its own, which the policy file may change within a window.
  const options = { points: Number.MAX_SAFE_INTEGER, duration: WINDOW_S, keyPrefix: KEY_PREFIX };
  const memory = new RateLimiterMemory(options);
  const chooseCounter = async () => {
    if (redis) return new RateLimiterRedis({ ...options, storeClient: redis, insuranceLimiter: memory });
    return isWorker ? countTogether(await reachPrimary(options), memory, logger) : memory;
  };
  const counter = await chooseCounter();

  return {
    count: async ({ caller, operationsPerMinute: own }) => {
      const { consumedPoints, msBeforeNext } = await counter.consume(caller.id);
      return consumedPoints <= (own ?? operationsPerMinute) ? null : Math.max(msBeforeNext, 1);
    },
    close: async () => redis?.disconnect(),
  };
}

/** Prepares to count in the primary, and waits until it has answered once: whoever asks first would wait for that. */
async function reachPrimary(options: IRateLimiterOptions): Promise<RateLimiterCluster> {
  // How late an answer may be is decided below: the time-out of the library only tidies up.
  const primary = new RateLimiterCluster({ ...options, timeoutMs: CONNECT_TIMEOUT_MS });
  await primary.get('').catch(() => undefined);
  return primary;
}

/** Counts in the primary; where that fails, alone. The library's own insurance is not for this limiter. */
function countTogether(together: RateLimiterCluster, alone: RateLimiterMemory, logger: Logger) {
  let isAway = false;
  return {
    consume: async (caller: string) => {
      try {
        const counted = await inTime(together.consume(caller));
        isAway = false;
        return counted;
      } catch {
        if (!isAway)
          logger.warn({ event: 'primary-away' }, 'primary: late; operations are counted by this worker alone');
        isAway = true;
        return alone.consume(caller);
      }
    },
  };
}

/** Rejects if the primary is late. An answer that has arrived counts, also if this process was too busy to read it. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    // Timers come before what has arrived, and `setImmediate` after it.
    const timer = setTimeout(() => setImmediate(reject), TIMEOUT_MS);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Prepares a connection to Redis that is tried once, for who wants to know why it fails. Holds a password. */
export async function connectOnce(url: string): Promise<Redis> {
  const { Redis } = await import('ioredis');
  return new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    commandTimeout: CONNECT_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: () => null,
  });
}

async function connect(url: string, logger: Logger): Promise<Redis> {
  // Loaded where it is needed: a start takes a tenth of a second less without it.
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, {
    // A command that waits for a connection would hold up its operation.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (attempt) => Math.min(attempt * 200, 5_000),
  });
  let isAway = false;
  redis.on('error', (error: NodeJS.ErrnoException) => {
    if (isAway) return;
    isAway = true;
    const reason = error.code ?? error.name;
    logger.warn({ event: 'redis-away', reason }, `redis: ${reason}; operations are counted by each replica alone`);
  });
  redis.on('ready', () => {
    isAway = false;
    logger.info({ event: 'redis-ready' }, 'redis: ready');
  });
  return redis;
}
