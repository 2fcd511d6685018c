/** How often it is looked at how late the event loop is, in milliseconds. */
const TICK_MS = 25;
/** How far its delay is averaged back, in milliseconds. */
const WINDOW_MS = 250;
/** Delay from which the process has more to do than it can, in milliseconds. */
const MAX_DELAY_MS = 150;

/** Tells whether the process has more to do than it can. */
export interface Overload {
  /** @param inFlight requests that are being answered */
  isOverloaded(inFlight: number): boolean;
  close(): void;
}

/**
 * Watches the load of this process: how many requests it has at once, and how late its event loop is, which is what
 * too many of them come to in the end.
 *
 * By a timer of its own: `monitorEventLoopDelay` says nothing of the time before its second tick after each reset, so
 * that a loop which is later than the pause between two resets seems to be in time.
 */
export function createOverload(maxOperations: number): Overload {
  let delayMs = 0;
  let lastTickAt = performance.now();
  const timer = setInterval(() => {
    const elapsedMs = performance.now() - lastTickAt;
    lastTickAt += elapsedMs;
    // By time and not by tick: one that is as late as the window is long says all about it.
    delayMs += (elapsedMs - TICK_MS - delayMs) * Math.min(1, elapsedMs / WINDOW_MS);
  }, TICK_MS).unref();
  return {
    isOverloaded: (inFlight) => inFlight > maxOperations || delayMs > MAX_DELAY_MS,
    close: () => clearInterval(timer),
  };
}
