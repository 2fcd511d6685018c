import { randomInt } from 'node:crypto';

/** What a {@link NameTable} holds: each is a link of a list. */
export interface Named<Entry> {
  readonly name: string;
  next: Entry | null;
}

const BUCKETS = 1_024;
/** Nobody can tell which names share a bucket. */
const SEED = randomInt(2 ** 32);

/**
 * Entries by their names, which come and go all the time. A Map leaves tables behind that each refer to the next one: once
 * one of them is old, the young ones behind it are kept with all that is in them, for seconds. An object makes each name
 * an old string that is unique, which took a twentieth of all that a lookup takes.
 */
export class NameTable<Entry extends Named<Entry>> {
  readonly #buckets: (Entry | null)[] = Array.from({ length: BUCKETS }, () => null);

  find(name: string): Entry | null {
    let entry = this.#buckets[toBucket(name)] ?? null;
    while (entry !== null && entry.name !== name) entry = entry.next;
    return entry;
  }

  /** Adds one, in the place of another one of its name. */
  add(entry: Entry): void {
    const known = this.find(entry.name);
    if (known !== null) this.remove(known);
    const bucket = toBucket(entry.name);
    entry.next = this.#buckets[bucket] ?? null;
    this.#buckets[bucket] = entry;
  }

  /** Takes one out, unless another one has taken its place. */
  remove(entry: Entry): void {
    const bucket = toBucket(entry.name);
    let before: Entry | null = null;
    let at = this.#buckets[bucket] ?? null;
    while (at !== null && at !== entry) {
      before = at;
      at = at.next;
    }
    if (at === null) return;
    if (before === null) this.#buckets[bucket] = entry.next;
    else before.next = entry.next;
    entry.next = null;
  }
}

/** By FNV-1a. */
function toBucket(name: string): number {
  let hash = SEED;
  for (let index = 0; index < name.length; index += 1) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % BUCKETS;
}
