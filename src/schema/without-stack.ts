/**
 * Makes an error that does not note where it was made: that takes as long as the rest of a refusal, and is read by
 * nobody. Such errors tell of what a caller did, whose operation may come to tens of thousands of them.
 */
export function withoutStack<Made extends Error>(make: () => Made): Made {
  const { stackTraceLimit } = Error;
  // Where `Error` is frozen it stays as it is.
  Reflect.set(Error, 'stackTraceLimit', 0);
  try {
    return make();
  } finally {
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit);
  }
}
