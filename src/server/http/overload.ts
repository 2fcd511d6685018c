/** How often it is looked at how late the event loop is, in milliseconds. */
const TICK_MS = 25;
/** How late it is when the process has more to do than it can, in milliseconds. */
const DEFAULT_MAX_DELAY_MS = 150;
/** How often in a row: a pause for garbage, or of the whole machine, is one. */
const MIN_LATE_TICKS = 3;

/** Tells whether the process has more to do than it can. */
export interface Overload {
  /** @param inFlight requests that are being answered */
  isOverloaded(inFlight: number): boolean;
  /** Gives the latest that the event loop has been since this was called before, in milliseconds. */
  takeMaxDelayMs(): number;
  close(): void;
}

/**
 * Watches the load of this process: how many requests it has at once, and how late its event loop is, which is what
 * too many of them come to in the end.
 *
 * By a timer of its own: `monitorEventLoopDelay` says nothing of the time before its second tick after each reset, so
 * that a loop which is later than the pause between two resets seems to be in time.
 *
 * @param maxDelayMs how late it may be turn by turn, in milliseconds
 */
export function createOverload(maxOperations: number, maxDelayMs = DEFAULT_MAX_DELAY_MS): Overload {
  let lateTicks = 0;
  let lastTickAt = performance.now();
  let latestMs = 0;
  const timer = setInterval(() => {
    const delayMs = performance.now() - lastTickAt - TICK_MS;
    latestMs = Math.max(latestMs, delayMs);
    lastTickAt = performance.now();
    lateTicks = delayMs > maxDelayMs ? lateTicks + 1 : 0;
  }, TICK_MS).unref();
  return {
    isOverloaded: (inFlight) => inFlight > maxOperations || lateTicks >= MIN_LATE_TICKS,
    takeMaxDelayMs: () => {
      // What is late now will have been late at the next tick only.
      const delayMs = Math.max(latestMs, performance.now() - lastTickAt - TICK_MS);
      latestMs = 0;
      return delayMs;
    },
    close: () => clearInterval(timer),
  };
}
