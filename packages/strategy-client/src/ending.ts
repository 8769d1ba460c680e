/**
 * Something that ends once. Each query has two of them and most end untold, so that an AbortController with its events
 * and its reason's stack would be a good part of what a query costs.
 */
export class Ending {
  #isOver = false;
  #actions: Set<() => void> | null = null;

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Calls `action` at the end, at once if it is over; the returned function takes that back. */
  on(action: () => void): () => void {
    if (this.#isOver) {
      action();
      return nothing;
    }
    const actions = this.#actions ?? new Set();
    this.#actions = actions.add(action);
    return () => void actions.delete(action);
  }

  /** Ends it. Repeating it is harmless. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const action of this.#actions ?? []) action();
    this.#actions = null;
  }

  /** What `work` gives, or a rejection with what `why` makes as soon as this is over; the work goes on. */
  race<T>(work: Promise<T>, why: () => Error): Promise<T> {
    return new Promise((resolve, reject) => {
      const forget = this.on(() => reject(why()));
      work.then(
        (value) => {
          forget();
          resolve(value);
        },
        (error: unknown) => {
          forget();
          reject(error);
        },
      );
    });
  }
}

const nothing = (): void => {};
