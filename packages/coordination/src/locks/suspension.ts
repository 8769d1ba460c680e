import type { Clock } from '../clock.js';

/** How long one look at the uptime serves those who note an instant: it costs microseconds, a lease takes some tens. */
const FRESH_MS = 50;

/** When something was sent, by the clock that stands still while the host is suspended and by how long it was. */
export interface Instant {
  /** Monotonic ms. */
  readonly at: number;
  /** Time in ms that the host had spent suspended by then, or shortly before. */
  readonly suspendedMs: number;
}

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

  /** Now. May count too little suspension, at most what came in the last 50 ms: then `since` errs on the safe side. */
  instant(): Instant {
    const at = this.#clock.monotonic();
    if (at - this.#lookedAt > FRESH_MS) this.#look(at);
    return { at, suspendedMs: this.#totalMs };
  }

  /** How long the host has been suspended since then, ms. Always looks. */
  since(instant: Instant): number {
    this.#look(this.#clock.monotonic());
    return this.#totalMs - instant.suspendedMs;
  }

  #look(now: number): void {
    this.#lookedAt = now;
    this.#totalMs = this.#clock.uptime() - now;
  }
}
