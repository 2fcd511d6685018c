/** Runs a callback at the end of the current event-loop turn. The callback must not throw. */
export type AtEndOfTurn = (goOn: () => void) => void;

/**
 * Creates a function that runs all callbacks of one event-loop turn together at its end, in order. They wait no longer
 * than Node takes to read the sockets that are ready. Run one by one, each callback would find the CPU caches full of
 * Node's and undici's work for the previous socket. See decision 031.
 */
export function createEndOfTurn(): AtEndOfTurn {
  let waiting: (() => void)[] = [];
  const goOnTogether = () => {
    const together = waiting;
    waiting = [];
    for (const goOn of together) goOn();
  };
  return (goOn) => {
    if (waiting.push(goOn) === 1) setImmediate(goOnTogether);
  };
}
