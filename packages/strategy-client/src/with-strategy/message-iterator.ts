/** What ended an iteration whose caller has left its loop. */
export const LEFT: unique symbol = Symbol('left the loop');

/**
 * Hands out what a generator yields. Leaving the loop stops it also while it waits for the next message, which a generator
 * by itself would wait for.
 */
export class MessageIterator<T> implements AsyncIterableIterator<T> {
  readonly #messages: AsyncGenerator<T, void, void>;
  readonly #stop: AbortController;

  constructor(messages: AsyncGenerator<T, void, void>, stop: AbortController) {
    this.#messages = messages;
    this.#stop = stop;
  }

  next(): Promise<IteratorResult<T>> {
    return this.#messages.next();
  }

  return(): Promise<IteratorResult<T>> {
    this.#stop.abort(LEFT);
    return this.#messages.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
