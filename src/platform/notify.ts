/**
 * Calls an observer, which decides nothing: what it throws is dropped, and so is a rejection of the promise that it
 * returns.
 *
 * @returns what it returns; undefined if it threw
 */
export function notify<Returned>(observe: () => Returned): Returned | undefined {
  try {
    const returned = observe();
    // Also a promise of another realm, or of a library.
    if (typeof returned === 'object' && returned !== null && 'then' in returned) {
      Promise.resolve(returned).catch(() => undefined);
    }
    return returned;
  } catch {
    return undefined;
  }
}
