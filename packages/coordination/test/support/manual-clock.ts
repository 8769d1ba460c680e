import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../src/clock.js';

/** A clock that stands still until a test moves it; its timers fire within that move, in order. */
export class ManualClock implements Clock {
  #wallMs: number;
  #monotonicMs: number;
  #uptimeMs: number;
  readonly #timers = new Map<symbol, { readonly at: number; readonly action: () => void }>();

  constructor(wallMs: number = 1_700_000_000_000, monotonicMs: number = 1_000_000) {
    this.#wallMs = wallMs;
    this.#monotonicMs = monotonicMs;
    this.#uptimeMs = monotonicMs;
  }

  now(): number {
    return this.#wallMs;
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  uptime(): number {
    return this.#uptimeMs;
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

  /** Time passes on all three clocks. Fires what comes due, also what that sets anew, all within this call. */
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

  /** Somebody sets the wall clock forward, or back. */
  jumpWall(ms: number): void {
    this.#wallMs += ms;
  }

  /** The host sleeps: wall time and uptime go on, monotonic time and timers stand still. */
  suspend(ms: number): void {
    this.#wallMs += ms;
    this.#uptimeMs += ms;
  }

  /** The event loop is blocked: all clocks go on, and no timer fires before the next `advance`. */
  block(ms: number): void {
    this.#pass(this.#monotonicMs + ms);
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
    const ms = toMs - this.#monotonicMs;
    this.#wallMs += ms;
    this.#monotonicMs += ms;
    this.#uptimeMs += ms;
  }
}
