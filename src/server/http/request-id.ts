const requestIds = new WeakMap<Request, string>();

/** Gives a request its id: the `x-request-id` it came with, if that is fit to print, or a new UUID. */
export function requestIdOf(request: Request): string {
  const known = requestIds.get(request);
  if (known !== undefined) return known;
  const id = toRequestId(request.headers.get('x-request-id'));
  requestIds.set(request, id);
  return id;
}

/** Takes the value of the header `x-request-id` if that is fit to print, or makes a UUID. */
export function toRequestId(given: unknown): string {
  return typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : crypto.randomUUID();
}
