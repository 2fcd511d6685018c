import { MAX_TIMER_MS } from '../domain/option.js';
import { isPlatformError } from './errors.js';

/** Maximum back-off before the first retry, in milliseconds. It doubles with each retry. */
const BASE_DELAY_MS = 100;
/** Attempts, including retries, that earn one retry. */
const ATTEMPTS_PER_RETRY = 5;
/** Retries earned per second, so that a client with few calls can retry too. */
const RETRIES_PER_S = 10;
/** Maximum number of saved retries. */
const MAX_RETRIES = 50;

/** A token bucket for retries, so that retries do not multiply the load of an outage. */
export interface RetryBudget {
  /** Counts an attempt, which earns a fraction of a retry. */
  earn(): void;
  /** Takes one retry. Returns whether there was one. */
  spend(): boolean;
}

/** Creates the budget of one platform: a fifth of all attempts, plus ten a second. */
export function createRetryBudget(now = () => performance.now()): RetryBudget {
  // Counts attempts, because fifths of a retry do not add up to exactly one.
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
 * Returns the back-off before the next retry, in milliseconds, or null for no retry. It is the platform's `Retry-After`
 * if there is one, and otherwise random for a broken connection, 408, and 5xx. A 429 without it is not retried. After a timeout or a bad response, a retry would
 * not help.
 * @param retries the number of retries so far
 */
export function findPause(error: unknown, retries: number): number | null {
  if (!isPlatformError(error)) return null;
  const { code, reason, retryAfterMs } = error;
  if (code === 'PLATFORM_RATE_LIMITED') return retryAfterMs ?? null;
  if (code !== 'PLATFORM_UNAVAILABLE' || reason === 'BREAKER_OPEN') return null;
  if (retryAfterMs !== undefined) return retryAfterMs;
  // Full jitter: lookups that failed together do not retry together.
  return Math.random() * BASE_DELAY_MS * 2 ** retries;
}

/**
 * Parses a `Retry-After` header (RFC 9110, 10.2.3): whole seconds, or an HTTP date.
 * @param now the current time in milliseconds since the epoch
 * @returns milliseconds from 0 to about 24.8 days, or undefined for an absent, invalid, or longer value
 */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Math.max(0, parseHttpDate(text) - now);
  return ms <= MAX_TIMER_MS ? ms : undefined;
}

function parseHttpDate(text: string): number {
  // Only the current HTTP date format: Date.parse also accepts "1e3", "-5", and many other texts.
  return /^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text) ? Date.parse(text) : Number.NaN;
}
