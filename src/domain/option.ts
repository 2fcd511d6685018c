/** The longest delay of `setTimeout`, in milliseconds: about 24.8 days. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Checks an option that is a count, and returns it.
 *
 * @throws {TypeError} unless it is a whole number from `min` to `max`
 */
export function requireCount(option: string, value: number, max = Number.MAX_SAFE_INTEGER, min = 1): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new TypeError(`${option} must be a whole number from ${min} to ${max}.`);
}
