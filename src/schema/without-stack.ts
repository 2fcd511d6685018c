/**
 * Creates an error without a stack trace. A trace would double the cost of a refusal, and is never read. One operation
 * may cause tens of thousands of refusals.
 */
export function withoutStack<Made extends Error>(make: () => Made): Made {
  const { stackTraceLimit } = Error;
  // `Reflect.set` does not throw if `Error` is frozen.
  Reflect.set(Error, 'stackTraceLimit', 0);
  try {
    return make();
  } finally {
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit);
  }
}
