import type { Clock } from '../clock.js';
import type { LeaseRef } from '../driver/index.js';

/**
 * One acquisition that waits in the store's queue. It sends its request again when a timer, a hint or a beat says that it
 * may be its turn; the store decides. Of several such words the latest counts.
 */
export class Waiter {
  readonly ref: LeaseRef;
  /** Whether it enters the queue when it does not get the lock. */
  readonly queues: boolean;
  readonly #clock: Clock;
  #retryAt = Number.POSITIVE_INFINITY;
  #cancelTimer: (() => void) | null = null;
  #wake: (() => void) | null = null;

  constructor(clock: Clock, ref: LeaseRef, queues: boolean) {
    this.#clock = clock;
    this.ref = ref;
    this.queues = queues;
  }

  /** Whether it will try again by itself, without another word. */
  get isPolling(): boolean {
    return this.#retryAt !== Number.POSITIVE_INFINITY;
  }

  /** Try again after `afterMs`; null: wait for a word. */
  retryAfter(afterMs: number | null): void {
    this.#retryAt = afterMs === null ? Number.POSITIVE_INFINITY : this.#clock.monotonic() + afterMs;
    this.#arm();
  }

  /** Try again after `afterMs` at the latest. */
  retryWithin(afterMs: number): void {
    if (this.#clock.monotonic() + afterMs < this.#retryAt) this.retryAfter(afterMs);
  }

  /** Resolves when it is time to try again, or when `interrupt` was called. The word is used up. */
  due(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = null;
        this.#disarm();
        resolve();
      };
      this.#arm();
    });
  }

  /** Ends the wait at once: time-out, abort, stop. */
  interrupt(): void {
    this.#wake?.();
  }

  #arm(): void {
    if (!this.#wake) return;
    this.#disarm();
    if (!this.isPolling) return;
    const waitMs = this.#retryAt - this.#clock.monotonic();
    if (waitMs <= 0) this.#fire();
    else this.#cancelTimer = this.#clock.schedule(waitMs, () => this.#arm());
  }

  #fire(): void {
    this.#retryAt = Number.POSITIVE_INFINITY;
    this.#wake?.();
  }

  #disarm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }
}
