import type { Clock } from '../../src/clock.js';

/** A clock that stands until a test moves it. Its timers never fire: a journal must not need those of a session. */
export class ManualClock implements Clock {
  #wall: number;
  #monotonic: number;

  constructor(wallMs: number = 1_700_000_000_000, monotonicMs: number = 1_000) {
    this.#wall = wallMs;
    this.#monotonic = monotonicMs;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  schedule(): () => void {
    return () => {};
  }

  /** Time passes. */
  pass(ms: number): void {
    this.#wall += ms;
    this.#monotonic += ms;
  }

  /** Somebody sets the wall clock. */
  jump(ms: number): void {
    this.#wall += ms;
  }
}
