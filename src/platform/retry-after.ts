import { MAX_TIMER_MS } from './timer.js';

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
