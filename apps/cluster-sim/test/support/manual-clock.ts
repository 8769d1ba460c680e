import type { Clock } from '../../src/index.js';

/** A clock whose waits end when the test says so, so that nothing has to be slept through. */
export class ManualClock implements Clock {
  wallMs: number = Date.now();
  readonly #waits = new Map<() => void, number>();

  now(): number {
    return this.wallMs;
  }

  monotonic(): number {
    return performance.now();
  }

  schedule(delayMs: number, action: () => void): () => void {
    this.#waits.set(action, delayMs);
    return () => this.#waits.delete(action);
  }

  /** The delays that were asked for and have not ended. */
  get pending(): readonly number[] {
    return [...this.#waits.values()];
  }

  /** Ends every wait. */
  fire(): void {
    const due = [...this.#waits.keys()];
    this.#waits.clear();
    for (const action of due) action();
  }
}
