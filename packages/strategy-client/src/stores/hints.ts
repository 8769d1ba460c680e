import type { Logger } from '../logger.js';

/** The listeners of one store. They are told after what made the change has returned, and once for changes that come together. */
export class Hints {
  readonly #listeners = new Set<() => void>();
  readonly #logger: Logger;
  #isDue = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** The same function given twice is two listeners. */
  add(listener: () => void): () => void {
    const entry = (): void => listener();
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  clear(): void {
    this.#listeners.clear();
  }

  tell(): void {
    if (this.#isDue || this.#listeners.size === 0) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      for (const listener of this.#listeners) this.#call(listener);
    });
  }

  #call(listener: () => unknown): void {
    const failed = (err: unknown): void => this.#logger.warn({ err }, 'a listener of a strategy store threw');
    try {
      const told = listener();
      // An async listener: its rejection would be nobody's and end the process.
      if (told instanceof Promise) told.catch(failed);
    } catch (error) {
      failed(error);
    }
  }
}
