import type { Clock } from '../clock.js';
import type { Logger } from '../logger.js';

/** After a beat failed, the next comes after this long at the latest, ms. */
const RETRY_AFTER_MS = 1_000;
/** A store that stays away is reported once, and then no more often than this, ms. */
const REPORT_EVERY_MS = 60_000;

export interface HeartOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Time between two beats: a third of the shorter lease, so that two may get lost. */
  readonly intervalMs: number;
  /** One beat. */
  readonly beat: () => Promise<void>;
}

/**
 * Beats in the background. An error ends nothing: the next beat comes sooner, and leases go on until their local
 * deadline. A beat whose answer does not come is not waited for longer than the interval. What can still go wrong: while
 * the event loop is blocked for longer than a lease, nothing beats; leases are then lost, and say so when they are read.
 */
export class Heart {
  readonly #o: HeartOptions;
  #running = false;
  #beats = 0;
  #cancelTimer: (() => void) | null = null;
  #dueAt = 0;
  #inFlight: Promise<void> | null = null;
  #reportedAt = Number.NEGATIVE_INFINITY;

  constructor(o: HeartOptions) {
    this.#o = o;
  }

  /** Whether it beats. */
  get isAlive(): boolean {
    return this.#running;
  }

  /** How many beats the store has answered since the heart was started. */
  get beats(): number {
    return this.#beats;
  }

  /** Begins to beat, at once. Does nothing if it beats already. Throws, and does not begin, when a beat cannot be sent at all. */
  start(): void {
    if (this.#running) return;
    const first = this.#o.beat();
    this.#running = true;
    this.#beats = 0;
    this.#follow(first);
  }

  /** Stops beating; resolves when the beat under way has settled, or after one interval. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    await this.#inFlight;
  }

  /** Beats before its time, if it beats at all: something has happened to what it keeps. */
  hurry(): void {
    if (this.#running && !this.#inFlight) this.#beatNow();
    else this.#dueAt = 0;
  }

  #beatNow(): void {
    const beat = async (): Promise<void> => this.#o.beat();
    this.#follow(beat());
  }

  /** Waits for a beat that was sent now, and then for the time of the next. A later start takes its place. */
  #follow(sent: Promise<void>): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const { clock, intervalMs } = this.#o;
    this.#dueAt = clock.monotonic() + intervalMs;
    const done = this.#atMost(intervalMs, sent)
      .catch((error: unknown) => this.#failed(error))
      .then((answered) => {
        if (this.#inFlight !== done) return;
        this.#inFlight = null;
        if (answered) this.#beats++;
        if (this.#running) this.#rest();
      });
    this.#inFlight = done;
  }

  #rest(): void {
    const { clock } = this.#o;
    const waitMs = this.#dueAt - clock.monotonic();
    if (waitMs <= 0) this.#beatNow();
    else this.#cancelTimer = clock.schedule(waitMs, () => this.#rest());
  }

  /** Whether it was answered within the time; a later answer is applied when it comes, and a later error is nobody's. */
  #atMost(ms: number, beat: Promise<void>): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const cancel = this.#o.clock.schedule(ms, () => resolve(false));
      beat.then(
        () => {
          cancel();
          resolve(true);
        },
        (error: unknown) => {
          cancel();
          reject(error);
        },
      );
    });
  }

  #failed(error: unknown): false {
    const { clock, logger, intervalMs } = this.#o;
    const now = clock.monotonic();
    this.#dueAt = Math.min(this.#dueAt, now + Math.min(RETRY_AFTER_MS, intervalMs));
    if (now - this.#reportedAt >= REPORT_EVERY_MS) {
      this.#reportedAt = now;
      logger.warn({ err: error }, 'a heartbeat failed; it is tried again until the leases run out');
    }
    return false;
  }
}
