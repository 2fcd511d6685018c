/** Listens to a {@link Signal}: an object, since a function for each that waits would be one more thing to keep. */
export interface AbortListener {
  handleEvent(): void;
}

/** What is listened to of an AbortSignal. */
export interface Signal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: AbortListener, options?: { readonly once: true }): void;
  removeEventListener(type: 'abort', listener: AbortListener): void;
}

/**
 * Aborts, and is its own signal. It stands in for AbortController: making one with its signal and a listener takes 4 µs,
 * a tenth of all that a lookup costs.
 */
export class Aborter implements Signal {
  aborted = false;
  // Almost always one at most, so that a set for it would be larger than all the rest.
  #listener: AbortListener | null = null;
  #others: Set<AbortListener> | null = null;

  /** Tells whoever listens, once. None of the listeners throws. */
  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    this.#listener?.handleEvent();
    for (const listener of this.#others ?? []) listener.handleEvent();
    this.#listener = this.#others = null;
  }

  addEventListener(_type: 'abort', listener: AbortListener): void {
    if (this.#listener === null) this.#listener = listener;
    else (this.#others ??= new Set()).add(listener);
  }

  removeEventListener(_type: 'abort', listener: AbortListener): void {
    if (this.#listener === listener) this.#listener = null;
    else this.#others?.delete(listener);
  }
}

/** Makes a signal of the web's own kind, for a `fetch` that is not ours. */
export function toAbortSignal(signal: Signal): AbortSignal {
  const controller = new AbortController();
  if (signal.aborted) controller.abort();
  else signal.addEventListener('abort', { handleEvent: () => controller.abort() });
  return controller.signal;
}
