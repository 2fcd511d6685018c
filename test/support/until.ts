/** Waits until a function returns a value other than null and false, and returns the value. */
export async function until<T>(find: () => T | null | false | Promise<T | null | false>): Promise<T> {
  for (;;) {
    const found = await find();
    if (found !== null && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
