import { PlatformError } from './errors.js';

/** How long the breaker looks back, in whole seconds. */
const WINDOW_S = 10;
/** Calls within the window below which it never opens: too few to tell an outage from bad luck. */
const MIN_CALLS = 10;
/** Connections that calls failed for within the window below which it never opens: one broken owner is no outage. */
const MIN_NAMES = 5;
/** Share of failed calls from which it opens. */
const MAX_FAILED = 0.5;
/** Pause between two probes while it is open, in milliseconds. */
const PROBE_INTERVAL_MS = 2_000;

/** Whether calls go through (`closed`), or only a probe now and then (`open`). */
export type BreakerState = 'closed' | 'open';

/** What a call told about the platform: that it is there, that it is not, or nothing. */
export type CallOutcome = 'up' | 'down' | 'unknown';

/** Keeps calls from a platform that is down. */
export interface Breaker {
  /**
   * Refuses what {@link Breaker.admit} would refuse now.
   *
   * @throws {PlatformError} `PLATFORM_UNAVAILABLE` while it is open, with the time until the next probe
   */
  check(name: string): void;
  /**
   * Lets a call through.
   *
   * @param name what the call is about
   * @throws {PlatformError} `PLATFORM_UNAVAILABLE` while it is open, with the time until the next probe
   */
  admit(name: string): void;
  /** Takes the outcome of a call that was let through, once. */
  settle(name: string, outcome: CallOutcome): void;
}

/** Lets every call through. */
export const NO_BREAKER: Breaker = { check: () => undefined, admit: () => undefined, settle: () => undefined };

/**
 * Creates the breaker of one platform. It opens when half of the calls of the last 10 s failed, ten at least and about
 * five connections. While it is open one call in 2 s goes through as a probe, whether or not the probe before it has
 * ended: a platform that hangs would otherwise decide how long it takes to notice that it is back. The first call that
 * finds the platform closes it. What was probed last waits twice as long, so that something else is probed before it.
 *
 * @param onChange is told of each change
 * @param now the time in milliseconds, from any start
 */
export function createBreaker(onChange: (state: BreakerState) => void, now = () => performance.now()): Breaker {
  // One slot a second, used again after the window: the second it stands for is beside its counts.
  const slots = Array.from({ length: WINDOW_S }, () => ({
    second: -1,
    calls: 0,
    failed: 0,
    names: new Set<string>(),
  }));
  let openUntilProbe: number | null = null;
  let probed: string | null = null;

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

  const settle = (name: string, outcome: CallOutcome) => {
    if (outcome === 'unknown') return;
    count(name, outcome === 'down');
    if (openUntilProbe === null && outcome === 'down' && isDown()) {
      openUntilProbe = now() + PROBE_INTERVAL_MS;
      probed = name;
      onChange('open');
    } else if (openUntilProbe !== null && outcome === 'up') {
      openUntilProbe = null;
      for (const slot of slots) slot.second = -1;
      onChange('closed');
    }
  };

  const check = (name: string) => {
    if (openUntilProbe === null) return;
    const waitMs = openUntilProbe - now() + (name === probed ? PROBE_INTERVAL_MS : 0);
    if (waitMs <= 0) return;
    throw new PlatformError('PLATFORM_UNAVAILABLE', 'The Platform API is down; it is not asked for now.', {
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
    },
    settle,
  };
}
