/** A map of bounded size: what has not been used for the longest time makes room. */
export class LruMap<V> {
  readonly #most: number;
  readonly #dropped: (value: V) => void;
  readonly #values = new Map<string, V>();

  /** @param dropped Called with each value that makes room. */
  constructor(most: number, dropped: (value: V) => void = () => {}) {
    this.#most = most;
    this.#dropped = dropped;
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: string): V | undefined {
    const value = this.#values.get(key);
    if (value === undefined) return undefined;
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  set(key: string, value: V): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size <= this.#most) return;
    for (const [oldest, old] of this.#values) {
      this.#values.delete(oldest);
      this.#dropped(old);
      return;
    }
  }

  delete(key: string): V | undefined {
    const value = this.#values.get(key);
    this.#values.delete(key);
    return value;
  }

  /** Takes everything out. */
  clear(): readonly V[] {
    const values = [...this.#values.values()];
    this.#values.clear();
    return values;
  }

  entries(): IterableIterator<[string, V]> {
    return this.#values.entries();
  }
}
