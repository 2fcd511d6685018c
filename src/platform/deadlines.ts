/** What has to be over at a time. It is a link of the list itself: it may leave it from anywhere without a search. */
export interface Limited {
  earlier: Limited | null;
  later: Limited | null;
  /** By `performance.now()`, in milliseconds. */
  endsAt: number;
  /** Is told that its time is over, and leaves. */
  expire(): void;
}

/**
 * The deadlines of what is under way. Almost all are over long before, so that there is one timer for the first of them:
 * one for each would be set, kept and cleared for nothing.
 */
export class Deadlines {
  #first: Limited | null = null;
  #last: Limited | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** Adds one. All who are here have as long, or almost: each goes to the end, or near it. */
  add(limited: Limited): void {
    let earlier = this.#last;
    while (earlier !== null && earlier.endsAt > limited.endsAt) earlier = earlier.earlier;
    const later = earlier === null ? this.#first : earlier.later;
    limited.earlier = earlier;
    limited.later = later;
    if (earlier === null) this.#first = limited;
    else earlier.later = limited;
    if (later === null) this.#last = limited;
    else later.earlier = limited;
    if (earlier === null) this.#start();
  }

  /** Takes one out that is over. */
  remove(limited: Limited): void {
    const { earlier, later } = limited;
    if (earlier !== null) earlier.later = later;
    else this.#first = later;
    if (later !== null) later.earlier = earlier;
    else this.#last = earlier;
    limited.earlier = limited.later = null;
    // With another one at the head the timer goes on, and looks again.
    if (this.#first === null) this.#start();
  }

  #start(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#first === null) return;
    this.#timer = setTimeout(() => this.#look(), Math.max(0, this.#first.endsAt - performance.now()));
  }

  #look(): void {
    this.#timer = null;
    const now = performance.now();
    try {
      for (let next = this.#first; next !== null && next.endsAt <= now; next = this.#first) next.expire();
    } finally {
      this.#start();
    }
  }
}
