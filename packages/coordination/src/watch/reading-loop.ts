import type { Session } from '../session.js';

/** A store that cannot be read is reported once, and then no more often than this, ms. */
const REPORT_EVERY_MS = 60_000;

/**
 * When groups are read: after subscribing, after a hint, and every `pollMs`, since hints get lost. One reading is under
 * way at a time, of all groups that need one; what comes up meanwhile waits for the next. After an error it is the poll
 * that tries again. Without groups there is no timer and no subscription.
 */
export class ReadingLoop {
  readonly #session: Session;
  readonly #read: (groups: readonly string[]) => Promise<void>;
  readonly #watched = new Set<string>();
  readonly #due = new Set<string>();
  #isReading = false;
  /** A subscription has failed, and none has been made since. */
  #isDeaf = false;
  #cancelPoll: (() => void) | null = null;
  #reportedAt = Number.NEGATIVE_INFINITY;

  constructor(session: Session, read: (groups: readonly string[]) => Promise<void>) {
    this.#session = session;
    this.#read = read;
  }

  /** Begins to read a group, as soon as changes to it are heard of. */
  add(group: string): void {
    this.#watched.add(group);
    if (!this.#cancelPoll) this.#schedulePoll();
    void this.#subscribe(() => this.#session.push.watch(group)).then(() => this.touch(group));
  }

  remove(group: string): void {
    if (!this.#watched.delete(group)) return;
    this.#due.delete(group);
    if (this.#watched.size === 0) {
      this.#cancelPoll?.();
      this.#cancelPoll = null;
    }
    // What a subscription too many costs is a hint that nobody hears.
    this.#session.push.unwatch(group).catch(nothing);
  }

  /** Something may have happened to this group. */
  touch(group: string): void {
    if (this.#watched.has(group)) this.#due.add(group);
    this.#pump();
  }

  /** Anything may have happened. */
  touchAll(): void {
    for (const group of this.#watched) this.#due.add(group);
    this.#pump();
  }

  #pump(): void {
    if (this.#isReading || this.#due.size === 0) return;
    this.#isReading = true;
    void this.#readDue();
  }

  async #readDue(): Promise<void> {
    try {
      while (this.#due.size > 0) {
        const groups = [...this.#due];
        this.#due.clear();
        await this.#read(groups);
      }
    } catch (error) {
      this.#report(error, 'watched groups could not be read; the next poll tries again');
    } finally {
      this.#isReading = false;
    }
  }

  #schedulePoll(): void {
    const { clock, options } = this.#session;
    this.#cancelPoll = clock.schedule(options.pollMs, () => {
      this.#schedulePoll();
      if (this.#isDeaf) void this.#subscribe(() => this.#session.push.ensure()).then(() => this.touchAll());
      else this.touchAll();
    });
  }

  async #subscribe(listen: () => Promise<void>): Promise<void> {
    this.#isDeaf = false;
    try {
      await listen();
    } catch (error) {
      this.#isDeaf = true;
      this.#report(error, 'changes are not heard of until the next poll');
    }
  }

  #report(error: unknown, message: string): void {
    const { clock, logger, ended } = this.#session;
    const now = clock.monotonic();
    if (ended.aborted || now - this.#reportedAt < REPORT_EVERY_MS) return;
    this.#reportedAt = now;
    logger.warn({ err: error, groups: [...this.#watched] }, message);
  }
}

const nothing = (): void => {};
