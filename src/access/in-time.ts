/**
 * Waits for something for so many milliseconds, and rejects if it is late. What has arrived by then counts, also if this
 * process was too busy to hear of it.
 *
 * @param tooLate makes what it rejects with
 */
export function inTime<T>(answer: Promise<T>, ms: number, tooLate: () => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    // Timers come before what has arrived, and `setImmediate` after it.
    const timer = setTimeout(() => setImmediate(() => reject(tooLate())), ms);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
