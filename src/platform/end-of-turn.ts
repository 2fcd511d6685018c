/** Has something go on at the end of this turn of the event loop. It must not throw. */
export type AtEndOfTurn = (goOn: () => void) => void;

/**
 * Creates what has those go on together that got as far in the same turn of the event loop, in their order. None waits
 * for longer than it takes to hear what else the network has brought.
 *
 * One by one, each finds the caches of the processor full of what Node and undici did for the next one: see decision 031.
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
