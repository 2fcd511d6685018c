import { MAX_TIMER_MS } from '../domain/option.js';
import { PlatformError } from './errors.js';

/** Back-off before the first retry at most, in milliseconds; it doubles with each. */
const BASE_DELAY_MS = 100;
/** Attempts that earn a retry, retries among them. */
const ATTEMPTS_PER_RETRY = 5;
/** Retries that each second earns, so that few calls may be retried as well. */
const RETRIES_PER_S = 10;
/** Retries that may be saved up. */
const MAX_RETRIES = 50;

/** How many retries there may be: a token bucket, so that an outage is not multiplied by everybody's retries. */
export interface RetryBudget {
  /** Counts an attempt, which earns a part of a retry. */
  earn(): void;
  /** Takes a retry out, if there is one. */
  spend(): boolean;
}

/** Creates the budget of one platform: a fifth of all attempts, and ten a second. */
export function createRetryBudget(now = () => performance.now()): RetryBudget {
  // In attempts, which are whole numbers: fifths of a retry do not add up to one.
  let saved = MAX_RETRIES * ATTEMPTS_PER_RETRY;
  let filledAt = now();
  const earn = (attempts: number) => {
    saved = Math.min(MAX_RETRIES * ATTEMPTS_PER_RETRY, saved + attempts);
  };
  return {
    earn: () => earn(1),
    spend: () => {
      earn(((now() - filledAt) / 1_000) * RETRIES_PER_S * ATTEMPTS_PER_RETRY);
      filledAt = now();
      if (saved < ATTEMPTS_PER_RETRY) return false;
      saved -= ATTEMPTS_PER_RETRY;
      return true;
    },
  };
}

/**
 * Says how long to wait before something is attempted again, in milliseconds, or null if it is not to be.
 *
 * A broken connection, 408 and 5xx are attempted again after a random pause, 429 after the pause that the platform
 * asked for. An attempt that took its whole time is not repeated, nor is a bad answer: neither would get better.
 *
 * @param retries how often it has been repeated
 */
export function findPause(error: unknown, retries: number): number | null {
  if (!(error instanceof PlatformError)) return null;
  const { code, reason, retryAfterMs } = error;
  if (code === 'PLATFORM_RATE_LIMITED') return retryAfterMs ?? null;
  if (code !== 'PLATFORM_UNAVAILABLE' || reason === 'BREAKER_OPEN') return null;
  // Full jitter: those who failed together do not come back together.
  return Math.random() * BASE_DELAY_MS * 2 ** retries;
}

/**
 * Reads a `Retry-After` header (RFC 9110, 10.2.3): whole seconds, or an HTTP date.
 *
 * @param now the present, in milliseconds since the epoch
 * @returns milliseconds from 0 to about 24.8 days; undefined for a header that is absent or makes no sense
 */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Math.max(0, parseHttpDate(text) - now);
  return ms <= MAX_TIMER_MS ? ms : undefined;
}

function parseHttpDate(text: string): number {
  // Only the fixed form of today's HTTP dates: Date.parse also takes "1e3", "-5" and much else for a date.
  return /^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text) ? Date.parse(text) : Number.NaN;
}
