import type { Clock } from '../clock.js';
import { onAbort } from '../on-abort.js';

/** Gives a place back; further calls do nothing. */
export type Release = () => void;

/** A bounded number of places, first come first served. */
export class Turnstile {
  readonly #clock: Clock;
  readonly #line: ((release: Release) => void)[] = [];
  #free: number;

  constructor(clock: Clock, places: number) {
    this.#clock = clock;
    this.#free = places;
  }

  /** Nobody is in and nobody waits. */
  get idle(): boolean {
    return this.#free > 0 && this.#line.length === 0;
  }

  /** A place at once, or a promise of one; of null when `waitMs` has passed or `signal` aborts first. */
  enter(waitMs: number, signal?: AbortSignal): Release | Promise<Release | null> {
    if (this.#free > 0) {
      this.#free -= 1;
      return this.#release();
    }
    return new Promise((resolve) => {
      const leave = (release: Release | null): void => {
        cancel();
        unlink();
        resolve(release);
      };
      const giveUp = (): void => {
        this.#line.splice(this.#line.indexOf(leave), 1);
        leave(null);
      };
      const cancel = this.#clock.schedule(waitMs, giveUp);
      this.#line.push(leave);
      // Set before it can be called: an aborted signal gives up at once.
      let unlink = (): void => {};
      unlink = onAbort(signal, giveUp);
    });
  }

  #release(): Release {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const next = this.#line.shift();
      if (next) next(this.#release());
      else this.#free += 1;
    };
  }
}

/** One caller at a time per key within this process (4.4 step 1). */
export class KeyQueue {
  readonly #clock: Clock;
  readonly #keys = new Map<string, Turnstile>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** As `Turnstile.enter`. */
  enter(key: string, waitMs: number, signal?: AbortSignal): Release | Promise<Release | null> {
    const turnstile = this.#keys.get(key) ?? new Turnstile(this.#clock, 1);
    this.#keys.set(key, turnstile);
    const entering = turnstile.enter(waitMs, signal);
    const leaving = (release: Release) => (): void => {
      release();
      if (turnstile.idle) this.#keys.delete(key);
    };
    return entering instanceof Promise
      ? entering.then((release) => release && leaving(release))
      : leaving(entering);
  }
}
