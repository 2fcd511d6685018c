/** Takes the value of the header `x-request-id` if that is fit to print, or makes a UUID. */
export function toRequestId(given: unknown): string {
  return typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : crypto.randomUUID();
}
