import type { SagaEvents } from '../events.js';
import type { Logger } from '../logger.js';

type Listener<E extends keyof SagaEvents> = (payload: SagaEvents[E]) => void;

/** Typed events. A listener that throws is logged and harms neither the saga nor the other listeners. */
export class Emitter {
  readonly #listeners = new Map<keyof SagaEvents, Set<Listener<never>>>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Adds a listener; the returned function removes it. */
  on<E extends keyof SagaEvents>(event: E, listener: Listener<E>): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  /** Whether anybody listens, so that a hot path need not build a payload for nobody. */
  wants(event: keyof SagaEvents): boolean {
    return (this.#listeners.get(event)?.size ?? 0) > 0;
  }

  emit<E extends keyof SagaEvents>(event: E, payload: SagaEvents[E]): void {
    const failed = (err: unknown): void => this.#logger.warn({ err, event }, 'a listener threw');
    for (const listener of this.#listeners.get(event) ?? []) {
      try {
        const told: unknown = (listener as Listener<E>)(payload);
        // An async listener: its rejection would be nobody's and end the process.
        if (told instanceof Promise) told.catch(failed);
      } catch (error) {
        failed(error);
      }
    }
  }
}
