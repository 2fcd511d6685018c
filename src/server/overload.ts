import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

/** How often the delay of the event loop is looked at, in milliseconds. */
const SAMPLE_MS = 250;
/** Resolution of the measurement, which is in each of its values, in milliseconds. */
const RESOLUTION_MS = 10;
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
 */
export function createOverload(maxOperations: number): Overload {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let delayMs = 0;
  const timer = setInterval(() => {
    delayMs = toDelayMs(histogram);
    histogram.reset();
  }, SAMPLE_MS).unref();
  return {
    isOverloaded: (inFlight) => inFlight > maxOperations || delayMs > MAX_DELAY_MS,
    close: () => {
      clearInterval(timer);
      histogram.disable();
    },
  };
}

function toDelayMs({ count, mean }: IntervalHistogram): number {
  return count === 0 ? 0 : mean / 1e6 - RESOLUTION_MS;
}
