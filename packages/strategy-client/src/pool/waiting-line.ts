import type { Clock } from '../clock.js';
import { onAbort } from '../on-abort.js';

export interface Turn {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Made when the time is over, so that it tells how things stand then. */
  readonly timeoutError: () => Error;
}

interface Waiter<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

/** Those who wait, first come first served. Whoever gives up is out at once. */
export class WaitingLine<T> {
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter<T>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get length(): number {
    return this.#waiters.size;
  }

  /** Stands in line until served, refused, timed out or aborted. */
  join({ timeoutMs, signal, timeoutError }: Turn): Promise<T> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiters.delete(waiter);
        cancel();
        unlink();
      };
      const waiter: Waiter<T> = {
        resolve: (value) => {
          leave();
          resolve(value);
        },
        reject: (reason) => {
          leave();
          reject(reason);
        },
      };
      this.#waiters.add(waiter);
      const cancel = this.#clock.schedule(timeoutMs, () => waiter.reject(timeoutError()));
      const unlink = onAbort(signal, () => waiter.reject(signal?.reason));
    });
  }

  /** Gives `value()` to who has waited longest; false when nobody waits. */
  serve(value: () => T): boolean {
    for (const waiter of this.#waiters) {
      waiter.resolve(value());
      return true;
    }
    return false;
  }

  /** Refuses who has waited longest. */
  refuse(reason: unknown): void {
    for (const waiter of this.#waiters) {
      waiter.reject(reason);
      return;
    }
  }

  refuseAll(reason: () => unknown): void {
    for (const waiter of this.#waiters) waiter.reject(reason());
  }
}
