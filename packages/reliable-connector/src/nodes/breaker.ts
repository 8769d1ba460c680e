import type { Clock } from '../clock.js';
import type { Random } from '../random.js';

/** So many attempts in a row without a reply open the breaker. */
export const FAILURES_TO_OPEN = 8;
/** Upper bound in ms of the first pause; doubled after every fruitless trial. */
export const FIRST_COOLDOWN_MS = 500;
/** Upper bound in ms of every pause: a node that is back is noticed after at most this. */
export const LONGEST_COOLDOWN_MS = 5_000;
/** What `waitMs` says in ms while a trial is under way, whose end nobody knows. */
export const TRIAL_POLL_MS = 100;

/** Leave to make one attempt, given back with what came of it. */
export type Pass = 'normal' | 'trial';

/**
 * What one attempt tells of its node: `reply` is any reply at all, `silence` is not sent or not answered, `nothing` an
 * attempt that its own caller cut short.
 */
export type Sign = 'reply' | 'silence' | 'nothing';

/**
 * Keeps one node that does not answer from being asked all the time (4.8). Closed, it lets everything through. After
 * `FAILURES_TO_OPEN` silences in a row it is open and lets nothing through for a jittered pause; then it is half-open
 * and lets one trial through at a time. A reply closes it, whatever the reply says: an error of the node is a sign of
 * life. It may hold back attempts to a node that has just come back, for at most `LONGEST_COOLDOWN_MS`.
 */
export class Breaker {
  readonly #clock: Clock;
  readonly #random: Random;
  /** Silences in a row while closed. */
  #failures = 0;
  /** Ms, upper bound of the running pause; 0: closed. */
  #cooldownMs = 0;
  /** Monotonic ms at which the running pause ends. */
  #pausedUntil = 0;
  #trying = false;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** False during a pause and while a trial is under way. */
  get available(): boolean {
    return this.waitMs === 0;
  }

  /** Ms until an attempt may be let through; 0: now. */
  get waitMs(): number {
    if (this.#cooldownMs === 0) return 0;
    const left = this.#pausedUntil - this.#clock.monotonic();
    if (left > 0) return left;
    return this.#trying ? TRIAL_POLL_MS : 0;
  }

  /** Leave for one attempt, or null. Whoever gets it must call `leave` with it, once. */
  enter(): Pass | null {
    if (this.#cooldownMs === 0) return 'normal';
    if (!this.available) return null;
    this.#trying = true;
    return 'trial';
  }

  /** Ends an attempt. Those that began before the breaker opened may close it, but do not prolong its pause. */
  leave(pass: Pass, sign: Sign): void {
    if (pass === 'trial') this.#trying = false;
    if (sign === 'reply') {
      this.#failures = 0;
      this.#cooldownMs = 0;
    } else if (sign === 'silence') {
      if (pass === 'trial') this.#pause(Math.min(this.#cooldownMs * 2, LONGEST_COOLDOWN_MS));
      else if (this.#cooldownMs === 0 && ++this.#failures >= FAILURES_TO_OPEN) this.#pause(FIRST_COOLDOWN_MS);
    }
  }

  #pause(cooldownMs: number): void {
    this.#failures = 0;
    this.#cooldownMs = cooldownMs;
    // Half of it is certain, so that a dead node really gets its pause; the other half spreads the trials of many.
    this.#pausedUntil = this.#clock.monotonic() + (cooldownMs * (1 + this.#random())) / 2;
  }
}
