import type { Clock } from '../../clock.js';
import type { Random } from '../../random.js';

/** Connection attempts per second in the mean, and how many may follow each other before that counts. */
const RATE_PER_MS = 1.5 / 1000;
const BURST = 6;
const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 5_000;
/** However short the lease, the pause between attempts may grow to this. */
const SHORTEST_CAP_MS = 500;

/**
 * Decides when the next connection attempt may be made. Two rules: a backoff that doubles with each failure in a row, with
 * jitter, and never grows over a third of the lease, so that a server that comes back is found within it; and a budget that
 * also holds when each attempt succeeds and breaks at once, shared by all connections of a coordinator.
 */
export class Pacer {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #capMs: number;
  readonly #cost: number;
  #budget = BURST;
  #at: number;

  /** `cost`: connections that one attempt makes (with Sentinel two). */
  constructor(clock: Clock, random: Random, options: { readonly leaseMs: number; readonly cost: number }) {
    this.#clock = clock;
    this.#random = random;
    this.#capMs = Math.min(LONGEST_DELAY_MS, Math.max(SHORTEST_CAP_MS, options.leaseMs / 3));
    this.#cost = options.cost;
    this.#at = clock.monotonic();
  }

  /** An attempt begins now. */
  spend(): void {
    this.#refill();
    this.#budget -= this.#cost;
  }

  /** Ms until the next attempt, after so many failures in a row. */
  delayMs(failures: number): number {
    this.#refill();
    const backoff = Math.min(this.#capMs, FIRST_DELAY_MS * 2 ** Math.min(failures, 16));
    const owed = Math.max(0, this.#cost - this.#budget) / RATE_PER_MS;
    return Math.max(backoff * (0.5 + this.#random() / 2), owed);
  }

  #refill(): void {
    const now = this.#clock.monotonic();
    this.#budget = Math.min(BURST, this.#budget + (now - this.#at) * RATE_PER_MS);
    this.#at = now;
  }
}
