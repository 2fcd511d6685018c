/** Waits until something is there: neither null nor false. */
export async function until<T>(find: () => T | null | false | Promise<T | null | false>): Promise<T> {
  for (;;) {
    const found = await find();
    if (found !== null && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
