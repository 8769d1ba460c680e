import type { Clock } from '../../clock.js';
import type { Random } from '../../random.js';

/** Attempts to connect per ms in the mean, and how many may follow each other before that counts. */
const RATE_PER_MS = 1.5 / 1000;
const BURST = 6;
const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 2_000;

/**
 * Decides when the next attempt to connect may be made. Two rules: a delay that doubles with each failure in a row, with
 * jitter; and a budget that also holds where each attempt succeeds and breaks at once, shared by both connections.
 */
export class Pacer {
  readonly #clock: Clock;
  readonly #random: Random;
  #budget = BURST;
  #at: number;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
    this.#at = clock.monotonic();
  }

  /** An attempt begins now. */
  spend(): void {
    this.#refill();
    this.#budget -= 1;
  }

  /** Ms until the next attempt, after so many failures in a row. */
  delayMs(failures: number): number {
    this.#refill();
    const backoff = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures, 16));
    const owed = Math.max(0, 1 - this.#budget) / RATE_PER_MS;
    return Math.max(backoff * (0.5 + this.#random() / 2), owed);
  }

  #refill(): void {
    const now = this.#clock.monotonic();
    this.#budget = Math.min(BURST, this.#budget + (now - this.#at) * RATE_PER_MS);
    this.#at = now;
  }
}
