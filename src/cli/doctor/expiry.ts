const DAY_MS = 24 * 60 * 60 * 1_000;
/** How long before its end a key or a certificate is worth a warning, in days. */
const SOON_DAYS = 14;

/** Tells whether something ends soon, or has ended: at a time in milliseconds since 1970. */
export function endsSoon(end: number): boolean {
  return end <= Date.now() + SOON_DAYS * DAY_MS;
}

/** Writes the day of a time, in UTC. */
export function toDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
