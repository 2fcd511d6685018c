import { randomInt } from 'node:crypto';

/** What a {@link NameTable} holds: each is a link of a list. */
export interface Named<Entry> {
  readonly name: string;
  next: Entry | null;
  /** Where it is. */
  bucket: number;
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
  // What is added was mostly looked for just before.
  #lastName = '';
  #lastBucket = toBucket('');

  find(name: string): Entry | null {
    let entry = this.#buckets[this.#bucketOf(name)] ?? null;
    while (entry !== null && entry.name !== name) entry = entry.next;
    return entry;
  }

  /** Adds one, in the place of another one of its name. */
  add(entry: Entry): void {
    const known = this.find(entry.name);
    if (known !== null) this.remove(known);
    entry.bucket = this.#bucketOf(entry.name);
    entry.next = this.#buckets[entry.bucket] ?? null;
    this.#buckets[entry.bucket] = entry;
  }

  /** Takes one out, unless another one has taken its place. */
  remove(entry: Entry): void {
    const { bucket } = entry;
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

  #bucketOf(name: string): number {
    if (name !== this.#lastName) {
      this.#lastName = name;
      this.#lastBucket = toBucket(name);
    }
    return this.#lastBucket;
  }
}

/** By FNV-1a. */
function toBucket(name: string): number {
  let hash = SEED;
  for (let index = 0; index < name.length; index += 1) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % BUCKETS;
}
