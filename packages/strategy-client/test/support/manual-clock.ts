import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../src/clock.js';

/** A clock that stands still until a test moves it; its timers fire within that move, in order. */
export class ManualClock implements Clock {
  #wallMs: number;
  #monotonicMs = 1_000_000;
  readonly #timers = new Map<symbol, { readonly at: number; readonly action: () => void }>();

  constructor(wallMs: number = 1_700_000_000_000) {
    this.#wallMs = wallMs;
  }

  now(): number {
    return this.#wallMs;
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  schedule(delayMs: number, action: () => void): () => void {
    const key = Symbol('timer');
    // As the host's timers, none is due in the instant in which it is set.
    this.#timers.set(key, { at: this.#monotonicMs + Math.max(delayMs, 1), action });
    return () => this.#timers.delete(key);
  }

  /** Timers that are set and have not fired. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Time passes. Fires what comes due, also what that sets anew, all within this call. */
  advance(ms: number): void {
    const end = this.#monotonicMs + ms;
    while (this.#fireNext(end));
    this.#pass(end);
  }

  /** As `advance`, but after each timer the event loop turns, so that promises and real I/O can follow. */
  async advanceAsync(ms: number): Promise<void> {
    const end = this.#monotonicMs + ms;
    await turn();
    while (this.#fireNext(end)) await turn();
    this.#pass(end);
    await turn();
  }

  #fireNext(end: number): boolean {
    let next: [symbol, { readonly at: number; readonly action: () => void }] | undefined;
    for (const entry of this.#timers)
      if (entry[1].at <= end && (next === undefined || entry[1].at < next[1].at)) next = entry;
    if (next === undefined) return false;
    this.#timers.delete(next[0]);
    this.#pass(Math.max(this.#monotonicMs, next[1].at));
    next[1].action();
    return true;
  }

  #pass(toMs: number): void {
    this.#wallMs += toMs - this.#monotonicMs;
    this.#monotonicMs = toMs;
  }
}
