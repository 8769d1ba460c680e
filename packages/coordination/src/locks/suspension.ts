import type { Clock } from '../clock.js';

/** How long one look at the uptime serves those who note an instant: it costs microseconds, a lease takes some tens. */
const FRESH_MS = 50;

/** A clock that was only ever seen at whole seconds, as those of some systems, can be behind by as much. */
const WHOLE_SECOND_MS = 1_000;
/** A jump by more than this between two looks is told at once. */
const NOTEWORTHY_MS = 50;

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
  readonly #onSuspended: () => void;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #totalMs: number | null = null;
  #isCoarse = true;

  /** `onSuspended`: the host has been suspended since the last look; called in a turn of its own. */
  constructor(clock: Clock, onSuspended: () => void) {
    this.#clock = clock;
    this.#onSuspended = onSuspended;
  }

  /** Now. May count too little suspension, at most what came in the last 50 ms: then `since` errs on the safe side. */
  instant(): Instant {
    const at = this.#clock.monotonic();
    return { at, suspendedMs: this.#recentlyMs(at) };
  }

  /** How long the host has been suspended since then, ms. Always looks. */
  since(instant: Instant): number {
    const sinceMs = this.#look(this.#clock.monotonic()) - instant.suspendedMs;
    return Math.max(0, sinceMs - (this.#isCoarse ? WHOLE_SECOND_MS : 0));
  }

  /** Looks, unless somebody did in the last 50 ms. */
  notice(): void {
    this.#recentlyMs(this.#clock.monotonic());
  }

  #recentlyMs(now: number): number {
    return this.#totalMs === null || now - this.#lookedAt > FRESH_MS ? this.#look(now) : this.#totalMs;
  }

  #look(now: number): number {
    const uptime = this.#clock.uptime();
    if (uptime % WHOLE_SECOND_MS !== 0) this.#isCoarse = false;
    const before = this.#totalMs;
    this.#lookedAt = now;
    this.#totalMs = uptime - now;
    const jumpMs = before === null ? 0 : this.#totalMs - before;
    if (jumpMs > NOTEWORTHY_MS + (this.#isCoarse ? WHOLE_SECOND_MS : 0)) queueMicrotask(this.#onSuspended);
    return this.#totalMs;
  }
}
