import { EventQueue } from './event-queue.js';
import type { Prng } from './prng.js';
import type { Trace } from './trace.js';

/** The wall clock at the start of every run: 2026-01-01T00:00:00Z. */
const EPOCH_MS = 1_767_225_600_000;
const HOUR_MS = 3_600_000;

/**
 * Virtual time. It stands still while code runs and moves to the next event only when all code has come to rest: one
 * turn of the real event loop drains every promise, since the code under test has no other source of wake-ups.
 */
export class World {
  /** Monotonic ms since the start of the run, shared by all processes. */
  now = 0;
  /** Events that have happened. */
  steps = 0;
  readonly trace: Trace;
  readonly #events = new EventQueue();
  #wallOffsetMs = 0;

  constructor(trace: Trace) {
    this.trace = trace;
  }

  /** The wall clock in ms since 1970; it jumps. */
  wall(): number {
    return EPOCH_MS + this.now + this.#wallOffsetMs;
  }

  /** Sets the wall clock forward or back; the monotonic clock does not notice. */
  jumpWall(byMs: number): void {
    this.#wallOffsetMs += byMs;
    this.trace.add(this.now, 'clock', () => `the wall clock jumps by ${byMs} ms`);
  }

  /** Jumps of up to an hour in both directions, now and then, for as long as events happen. */
  letWallWander(dice: Prng, everyMs: number): void {
    this.after(dice.between(0, 2 * everyMs), () => {
      this.jumpWall(Math.round(dice.between(-HOUR_MS, HOUR_MS)));
      this.letWallWander(dice, everyMs);
    });
  }

  /** Calls `action` after `delayMs`; the returned function cancels it. */
  after(delayMs: number, action: () => void): () => void {
    const event = this.#events.push(this.now + Math.max(0, delayMs), action);
    return () => {
      event.cancelled = true;
    };
  }

  /** Runs events until `done` says so, or `limitMs` of virtual time have passed. False: it was the limit. */
  async run(done: () => boolean, limitMs: number): Promise<boolean> {
    const end = this.now + limitMs;
    await allCodeAtRest();
    while (!done()) {
      const event = this.#events.pop();
      if (event === undefined) return done();
      if (event.at > end) {
        this.now = end;
        this.#events.push(event.at, event.action);
        return false;
      }
      this.now = event.at;
      this.steps++;
      event.action();
      await allCodeAtRest();
    }
    return true;
  }

  /** Lets `durationMs` pass. */
  async pass(durationMs: number): Promise<void> {
    await this.run(() => false, durationMs);
  }
}

function allCodeAtRest(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
