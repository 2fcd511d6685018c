/**
 * Tells somebody who only looks on, and does not decide what comes of it: what they throw is dropped, and so is what
 * their promise is rejected with.
 *
 * @returns what they say to it; undefined if they threw
 */
export function tell<Said>(listener: () => Said): Said | undefined {
  try {
    const said = listener();
    if (isThenable(said)) Promise.resolve(said).catch(() => undefined);
    return said;
  } catch {
    return undefined;
  }
}

/** Promises of another realm, and of libraries, are none of ours. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'then') === 'function';
}
