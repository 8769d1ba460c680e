import type { AppliedEntry } from './applied-entry.js';

/** How many entries stay in memory; older ones are only in the file. */
export const RING_CAPACITY = 100_000;

/** The latest entries, in the order of their numbers, without gaps. */
export class AppliedRing {
  readonly #slots: AppliedEntry[] = [];
  readonly #capacity: number;
  /** Where the oldest entry stands once the ring is full. */
  #start = 0;

  constructor(capacity: number = RING_CAPACITY) {
    this.#capacity = capacity;
  }

  push(entry: AppliedEntry): void {
    if (this.#slots.length < this.#capacity) {
      this.#slots.push(entry);
      return;
    }
    this.#slots[this.#start] = entry;
    this.#start = (this.#start + 1) % this.#capacity;
  }

  get oldest(): AppliedEntry | undefined {
    return this.#slots[this.#start];
  }

  get length(): number {
    return this.#slots.length;
  }

  /** Up to `limit` entries with a number above `after`, oldest first. */
  read(after: number, limit: number): readonly AppliedEntry[] {
    const first = this.oldest?.seq ?? 0;
    const skip = Math.max(0, after + 1 - first);
    const ordered: AppliedEntry[] = [];
    for (let place = skip; place < this.#slots.length && ordered.length < limit; place += 1) {
      const entry = this.#slots[(this.#start + place) % this.#slots.length];
      if (entry !== undefined) ordered.push(entry);
    }
    return ordered;
  }
}
