import type { Clock } from '../../clock.js';

/** What happens again and again is reported once, and then no more often than this, ms. */
const REPORT_EVERY_MS = 60_000;

/** Decides which of many like events are reported: a network that flaps fills no log. */
export class Seldom {
  readonly #clock: Clock;
  #reportedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether to report this one. */
  isDue(): boolean {
    const now = this.#clock.monotonic();
    if (now - this.#reportedAt < REPORT_EVERY_MS) return false;
    this.#reportedAt = now;
    return true;
  }
}
