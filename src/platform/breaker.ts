import { PlatformError } from './errors.js';

const WINDOW_S = 10;
/** Minimum number of calls within the window: fewer do not distinguish an outage from bad luck. */
const MIN_CALLS = 10;
/** Minimum number of connections with failed calls within the window: one broken owner is not an outage. */
const MIN_NAMES = 5;
/** Share of failed calls at which the breaker opens. */
const MAX_FAILED = 0.5;
/** Time between two probes while the breaker is open, in milliseconds. */
const PROBE_INTERVAL_MS = 2_000;

/** The state of the platform that a call shows. */
export type CallOutcome = 'up' | 'down' | 'unknown';

/**
 * An event of a breaker: it opened or closed, or a probe failed. `cause` is the failure that opened it, or that of the
 * probe: `HTTP 503`, a code such as `ECONNREFUSED`, or `timeout`.
 */
export type BreakerEvent =
  | { readonly type: 'breaker'; readonly state: 'open'; readonly cause: string }
  | { readonly type: 'breaker'; readonly state: 'closed' }
  | { readonly type: 'probe-failed'; readonly cause: string };

/** Rejects calls while the platform is down. `name` is the connection that a call is for. */
export interface Breaker {
  /** Throws what {@link Breaker.admit} would throw now. Uses up no probe. */
  check(name: string): void;
  /** Admits a call. @throws {PlatformError} `PLATFORM_UNAVAILABLE` with the time until the next probe */
  admit(name: string): void;
  /** Records the outcome of an admitted call, and the cause of a failure. Call it once per call. */
  settle(name: string, outcome: CallOutcome, cause: string | null): void;
}

/** Admits every call. */
export const NO_BREAKER: Breaker = { check: () => undefined, admit: () => undefined, settle: () => undefined };

/**
 * Creates the breaker of one platform. It opens when at least 50 % of at least 10 calls within 10 s failed, for at
 * least 5 connections. While open, it admits a probe every 2 s. It does not wait for the previous probe, because a
 * hanging platform would then delay the detection of its recovery. The first successful call closes it. The connection
 * probed last waits twice as long, so that another one is probed first.
 *
 * @param onEvent called when the breaker opens or closes, and when a probe fails
 * @param now the time in milliseconds, from any origin
 */
export function createBreaker(onEvent: (event: BreakerEvent) => void, now = () => performance.now()): Breaker {
  // One slot per second, reused after the window.
  const slots = Array.from({ length: WINDOW_S }, () => ({
    second: -1,
    calls: 0,
    failed: 0,
    names: new Set<string>(),
  }));
  let openUntilProbe: number | null = null;
  let probed: string | null = null;
  let isProbing = false;

  const count = (name: string, failed: boolean) => {
    const second = Math.floor(now() / 1_000);
    const slot = slots[second % WINDOW_S];
    if (!slot) return;
    if (slot.second !== second) Object.assign(slot, { second, calls: 0, failed: 0, names: new Set() });
    slot.calls += 1;
    if (!failed) return;
    slot.failed += 1;
    if (slot.names.size < MIN_NAMES) slot.names.add(name);
  };

  const isDown = () => {
    const oldest = Math.floor(now() / 1_000) - WINDOW_S;
    const recent = slots.filter(({ second }) => second > oldest);
    const calls = recent.reduce((sum, slot) => sum + slot.calls, 0);
    const failed = recent.reduce((sum, slot) => sum + slot.failed, 0);
    const names = new Set<string>();
    for (const slot of recent) for (const name of slot.names) names.add(name);
    return calls >= MIN_CALLS && failed >= calls * MAX_FAILED && names.size >= MIN_NAMES;
  };

  const settle = (name: string, outcome: CallOutcome, failure: string | null) => {
    const cause = failure ?? 'unknown';
    const isProbe = isProbing && name === probed;
    if (isProbe) isProbing = false;
    if (outcome === 'unknown') return;
    count(name, outcome === 'down');
    if (openUntilProbe === null && outcome === 'down' && isDown()) {
      openUntilProbe = now() + PROBE_INTERVAL_MS;
      probed = name;
      onEvent({ type: 'breaker', state: 'open', cause });
    } else if (openUntilProbe !== null && outcome === 'up') {
      openUntilProbe = null;
      for (const slot of slots) slot.second = -1;
      onEvent({ type: 'breaker', state: 'closed' });
    } else if (isProbe) onEvent({ type: 'probe-failed', cause });
  };

  const check = (name: string) => {
    if (openUntilProbe === null) return;
    const waitMs = openUntilProbe - now() + (name === probed ? PROBE_INTERVAL_MS : 0);
    if (waitMs <= 0) return;
    throw new PlatformError('PLATFORM_UNAVAILABLE', 'The Platform API is down, so no request was sent.', {
      reason: 'BREAKER_OPEN',
      retryAfterMs: Math.ceil(waitMs),
    });
  };

  return {
    check,
    admit: (name) => {
      check(name);
      if (openUntilProbe === null) return;
      openUntilProbe = now() + PROBE_INTERVAL_MS;
      probed = name;
      isProbing = true;
    },
    settle,
  };
}
