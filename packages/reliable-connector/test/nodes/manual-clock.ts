import type { Clock } from '../../src/clock.js';

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #nowMs = 1_000;
  readonly #timers = new Map<symbol, { readonly at: number; readonly action: () => void }>();

  now(): number {
    return 1_633_806_680_000 + this.#nowMs;
  }

  monotonic(): number {
    return this.#nowMs;
  }

  schedule(delayMs: number, action: () => void): () => void {
    const key = Symbol('timer');
    // As the host's timers, none is due in the instant in which it is set.
    this.#timers.set(key, { at: this.#nowMs + Math.max(delayMs, 1), action });
    return () => this.#timers.delete(key);
  }

  /** Timers that are set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Moves time and runs what is due, in order, also what that sets anew. */
  advance(ms: number): void {
    const end = this.#nowMs + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(([, t]) => t.at <= end).sort(([, a], [, b]) => a.at - b.at);
      if (next === undefined) break;
      const [key, { at, action }] = next;
      this.#timers.delete(key);
      this.#nowMs = Math.max(this.#nowMs, at);
      action();
    }
    this.#nowMs = end;
  }
}
