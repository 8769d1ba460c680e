import type { Clock } from '../clock.js';

/** How long one look at the uptime serves: it costs microseconds, and a lease is taken in some tens of them. */
const FRESH_MS = 50;

/**
 * Notices that the host was suspended. While it is, monotonic time stands still and leases run out in the store: uptime,
 * which goes on, gives it away (specs: "Clock").
 */
export class Suspension {
  readonly #clock: Clock;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #totalMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Time in ms that the host has spent suspended since its boot, as of at most 50 ms ago. */
  totalMs(): number {
    const now = this.#clock.monotonic();
    if (now - this.#lookedAt > FRESH_MS) {
      this.#lookedAt = now;
      this.#totalMs = this.#clock.uptime() - now;
    }
    return this.#totalMs;
  }
}
