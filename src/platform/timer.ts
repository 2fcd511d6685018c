/** What setTimeout can wait at most, in milliseconds: about 24.8 days. */
export const MAX_TIMER_MS = 2 ** 31 - 1;
