import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';

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
  readonly logger: Logger;
}

const WINDOW_S = 60;
/** How long Redis may take, in milliseconds: a caller waits for it before every operation. */
const REDIS_TIMEOUT_MS = 250;
const KEY_PREFIX = 'xkit-graphql:operations';

/**
 * Creates the rate limit.
 *
 * While Redis is away each replica counts alone: a limit for fairness is no reason to refuse everybody.
 */
export function createRateLimiter({ operationsPerMinute, redisUrl, logger }: RateLimiterOptions): RateLimiter {
  const redis = redisUrl === undefined ? null : connect(redisUrl, logger);
  // It only counts. Each caller has a limit of its own, which the policy file may change within a window.
  const options = { points: Number.MAX_SAFE_INTEGER, duration: WINDOW_S, keyPrefix: KEY_PREFIX };
  const memory = new RateLimiterMemory(options);
  const counter = redis ? new RateLimiterRedis({ ...options, storeClient: redis, insuranceLimiter: memory }) : memory;

  return {
    count: async ({ caller, operationsPerMinute: own }) => {
      const { consumedPoints, msBeforeNext } = await counter.consume(caller.id);
      return consumedPoints <= (own ?? operationsPerMinute) ? null : Math.max(msBeforeNext, 1);
    },
    close: async () => redis?.disconnect(),
  };
}

function connect(url: string, logger: Logger): Redis {
  const redis = new Redis(url, {
    // A command that waits for a connection would hold up its operation.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: REDIS_TIMEOUT_MS,
    connectTimeout: 2_000,
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
