import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import {
  type IRateLimiterOptions,
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
} from 'rate-limiter-flexible';
import { inTime } from '../../access/policy.js';
import type { AuthenticatedCaller } from './authenticated.js';

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
const TIMEOUT_MS = 250;
/** How long one that was late is not asked again, in milliseconds: then by one operation. */
const PAUSE_MS = 1_000;
/** When a connection is given up, or an answer that nobody waits for any more, in milliseconds. */
const GIVE_UP_MS = 2_000;
/** What the keys of the counters begin with. */
export const KEY_PREFIX = 'xkit-graphql:operations';

type Counter = Pick<RateLimiterAbstract, 'consume'>;

/** A counter that replicas share, and that may be away. */
interface SharedCounter {
  readonly counter: Counter;
  readonly presence: Presence;
  readonly close: () => void;
}

/** Logs that something is away, and that it is there again, once each. */
interface Presence {
  away(reason: string): void;
  here(): void;
}

/**
 * Creates the rate limit.
 *
 * While Redis is away each replica counts alone: a limit for fairness is no reason to refuse every caller.
 */
export async function createRateLimiter(settings: RateLimiterOptions): Promise<RateLimiter> {
  const { operationsPerMinute, redisUrl, logger } = settings;
  // It only counts. Each caller has a limit of its own, which the policy file may change within a window.
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

/** Counts by the shared counter; if that fails, alone. The library's own insurance waits for a late answer each time. */
function preferShared({ counter, presence }: SharedCounter, alone: Counter): Counter {
  let wasLateAt = -Infinity;
  let notBefore = -Infinity;
  return {
    consume: async (caller) => {
      const now = performance.now();
      if (now < notBefore) return alone.consume(caller);
      // Of those who ask after a pause only one waits.
      if (wasLateAt > -Infinity) notBefore = now + PAUSE_MS;
      try {
        const counted = await inTime(counter.consume(caller), TIMEOUT_MS, () => LATE);
        // What was asked before the one that was late says nothing.
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
        if (reason !== null) presence.away(reason);
        return alone.consume(caller);
      }
    },
  };
}

/** Says in a word why somebody did not count. Of a connection that is not there it says nothing: its own end is told. */
function toReason(error: unknown): string | null {
  if (error === LATE) return 'late';
  // Redis begins with a word: READONLY, OOM. The rest quotes what was asked.
  const { name, message } = error as Error;
  return name === 'ReplyError' ? (/^[A-Z]+/.exec(message)?.[0] ?? 'ERR') : null;
}

const LATE = new Error('Late.');

/** Creates what logs that Redis is away, and that it is back, once each. */
function createPresence(logger: Logger): Presence {
  let logged: 'away' | 'here' | null = null;
  return {
    away: (reason) => {
      if (logged === 'away') return;
      logged = 'away';
      const message = `redis: ${reason}; operations are counted by each replica alone`;
      logger.warn({ event: 'redis-away', reason }, message);
    },
    here: () => {
      if (logged === 'here') return;
      logged = 'here';
      logger.info({ event: 'redis-ready' }, 'redis: ready');
    },
  };
}

/** Prepares a connection to Redis that is tried once, for who wants to know why it fails. Holds a password. */
export async function connectOnce(url: string): Promise<Redis> {
  const { Redis } = await import('ioredis');
  return new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    commandTimeout: GIVE_UP_MS,
    connectTimeout: GIVE_UP_MS,
    retryStrategy: () => null,
  });
}

/** Connects to Redis, again and again, and does not wait for it. */
async function reachRedis(url: string, options: IRateLimiterOptions, logger: Logger): Promise<SharedCounter> {
  // Loaded where it is needed: a start takes a tenth of a second less without it.
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, {
    // A command that waits for a connection would hold up its operation.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: GIVE_UP_MS,
    connectTimeout: GIVE_UP_MS,
    retryStrategy: (attempt) => Math.min(attempt * 200, 5_000),
  });
  const presence = createPresence(logger);
  redis.on('error', ({ code, name }: NodeJS.ErrnoException) => presence.away(code ?? name));
  redis.on('ready', () => presence.here());
  const counter = new RateLimiterRedis({ ...options, storeClient: redis });
  return { counter, presence, close: () => redis.disconnect() };
}
