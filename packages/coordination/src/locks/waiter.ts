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
  /** It tries again after this long at the latest, whatever it is told: to keep its place, or to notice that it has none. */
  atMostMs: number = Number.POSITIVE_INFINITY;
  readonly #clock: Clock;
  #retryAt = Number.POSITIVE_INFINITY;
  #cancelTimer: (() => void) | null = null;
  #wake: (() => void) | null = null;

  constructor(clock: Clock, ref: LeaseRef, queues: boolean) {
    this.#clock = clock;
    this.ref = ref;
    this.queues = queues;
  }

  /** Try again after `afterMs`. */
  retryAfter(afterMs: number): void {
    this.#retryAt = this.#clock.monotonic() + Math.min(afterMs, this.atMostMs);
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
    if (this.#retryAt === Number.POSITIVE_INFINITY) return;
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
