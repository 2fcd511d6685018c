/**
 * Tells somebody who only looks on, and does not decide what comes of it: what they throw is dropped, and so is what
 * their promise is rejected with.
 *
 * @returns what they say to it; undefined if they threw
 */
export function tell<Said>(listener: () => Said): Said | undefined {
  try {
    const said = listener();
    // Also a promise of another realm, or of a library.
    if (typeof said === 'object' && said !== null && 'then' in said) Promise.resolve(said).catch(() => undefined);
    return said;
  } catch {
    return undefined;
  }
}
