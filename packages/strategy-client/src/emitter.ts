import type { Logger } from './logger.js';

/** Typed events. A listener that throws is logged and harms neither the caller nor the other listeners. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(payload: never) => void>>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Adds a listener; the returned function removes it. */
  on<E extends keyof Events>(event: E, listener: (payload: Events[E]) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  emit<E extends keyof Events>(event: E, payload: Events[E]): void {
    const failed = (err: unknown): void => this.#logger.warn({ err, event }, 'a listener threw');
    for (const listener of this.#listeners.get(event) ?? []) {
      try {
        const told: unknown = (listener as (payload: Events[E]) => void)(payload);
        // An async listener: its rejection would be nobody's and end the process.
        if (told instanceof Promise) told.catch(failed);
      } catch (error) {
        failed(error);
      }
    }
  }
}
