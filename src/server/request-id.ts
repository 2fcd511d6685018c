const requestIds = new WeakMap<Request, string>();

/** Gives a request its id: the `x-request-id` it came with, if that is fit to print, or a new UUID. */
export function requestIdOf(request: Request): string {
  const known = requestIds.get(request);
  if (known !== undefined) return known;
  const given = request.headers.get('x-request-id');
  const id = given !== null && /^[\w.:-]{1,64}$/.test(given) ? given : crypto.randomUUID();
  requestIds.set(request, id);
  return id;
}
