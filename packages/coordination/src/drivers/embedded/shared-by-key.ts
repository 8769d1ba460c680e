/** Things that are shared by key for as long as somebody uses them. */
export class SharedByKey<T> {
  readonly #entries = new Map<string, { readonly shared: T; users: number }>();

  /** The thing of this key, made if nobody uses it yet. Each `enter` needs a `leave`. */
  enter(key: string, make: () => T): T {
    const entry = this.#entries.get(key) ?? { shared: make(), users: 0 };
    entry.users++;
    this.#entries.set(key, entry);
    return entry.shared;
  }

  /** Forgets the thing with its last user. */
  leave(key: string): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined && --entry.users === 0) this.#entries.delete(key);
  }
}
