import type { Clock } from '../../src/index.js';

/** A clock that stands still until the test moves it. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #waits = new Map<() => void, number>();

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  schedule(delayMs: number, action: () => void): () => void {
    const wait = (): void => action();
    this.#waits.set(wait, this.#now + delayMs);
    return () => this.#waits.delete(wait);
  }

  /** How long each wait still lasts, in ms. */
  get pending(): readonly number[] {
    return [...this.#waits.values()].map((at) => at - this.#now);
  }

  /** Lets time pass, and everything happen that is due by then, in its order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = [...this.#waits].filter(([, at]) => at <= end).sort(([, a], [, b]) => a - b)[0];
      if (next === undefined) break;
      const [wait, at] = next;
      this.#waits.delete(wait);
      this.#now = at;
      wait();
    }
    this.#now = end;
  }
}
