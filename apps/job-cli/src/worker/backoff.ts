import { type Clock, sleep } from '../clock.js';

const FIRST_MS = 200;
const LONGEST_MS = 5_000;

/** Waits between attempts that fail, each twice as long as the one before, up to 5 s. */
export class Backoff {
  readonly #clock: Clock;
  #nextMs = FIRST_MS;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The last attempt was good. */
  reset(): void {
    this.#nextMs = FIRST_MS;
  }

  /** Returns at once when the signal aborts. */
  async wait(signal: AbortSignal): Promise<void> {
    const ms = this.#nextMs;
    this.#nextMs = Math.min(ms * 2, LONGEST_MS);
    await sleep(this.#clock, ms, signal);
  }
}
