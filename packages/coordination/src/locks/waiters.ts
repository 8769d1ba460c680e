import type { LeaseRef, WaiterPlace } from '../driver/index.js';
import type { Waiter } from './waiter.js';

/** All acquisitions of a coordinator that are under way: whom hints reach, whose places a beat keeps, whom a stop waits for. */
export class Waiters {
  readonly #waiting = new Map<string, Waiter>();
  #onEmpty: (() => void) | null = null;

  add(waiter: Waiter): void {
    this.#waiting.set(waiter.ref.token, waiter);
  }

  remove(waiter: Waiter): void {
    this.#waiting.delete(waiter.ref.token);
    if (this.#waiting.size === 0) this.#onEmpty?.();
  }

  /** Resolves when none is under way any more, and what each had asked for is granted or given up. */
  drained(): Promise<void> {
    if (this.#waiting.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  /** What a beat keeps alive. */
  list(): readonly LeaseRef[] {
    return [...this.#waiting.values()].filter((waiter) => waiter.queues).map((waiter) => waiter.ref);
  }

  /** A hint: try again after `afterMs`, whatever was said before. */
  turn(token: string, afterMs: number): void {
    this.#waiting.get(token)?.retryAfter(afterMs);
  }

  /** What a beat found, in place of hints that got lost. */
  placed(token: string, place: WaiterPlace): void {
    const waiter = this.#waiting.get(token);
    if (!waiter || place.place === 'queued') return;
    waiter.retryWithin(place.place === 'gone' ? 0 : place.retryAfterMs);
  }
}
