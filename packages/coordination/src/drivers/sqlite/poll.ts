import type { DriverContext } from '../../driver/index.js';
import type { Notice } from '../embedded/notices.js';
import type { Database, Statement } from './library.js';
import type { NoticeLog } from './notice-log.js';
import { isBusy } from './sqlite-error.js';

/** How often a listener looks whether somebody else has written, ms. SQLite has no push; a look costs 2 µs, and waking up for it 50. */
const POLL_MS = 25;
/** While others have something to tell, as those do who hand a lock from one to the next. */
const BUSY_POLL_MS = 2;
/** So long after a notice, ms. Writes without any, as heartbeats are, make nobody hurry. */
const BUSY_FOR_MS = 50;

export interface PollOptions {
  readonly db: Database;
  readonly log: NoticeLog;
  readonly context: Pick<DriverContext, 'clock' | 'logger'>;
}

/** Reads new notices when `data_version` says that another connection has written. */
export class Poll {
  readonly #o: PollOptions;
  readonly #version: Statement<[], number>;
  #seen: number | undefined;
  #toldAt = -Infinity;
  #failing = false;
  #cancel: () => void = () => {};

  constructor(o: PollOptions) {
    this.#o = o;
    this.#version = o.db.prepare<[], number>('PRAGMA data_version').pluck();
  }

  /** What others write from now on is new; within a transaction. */
  mark(): void {
    this.#seen = this.#version.get();
    this.#o.log.skipToEnd();
  }

  /** Until `stop`, its timer keeps the process alive. */
  start(onNotices: (notices: readonly Notice[]) => void): void {
    const { clock } = this.#o.context;
    const look = (): void => {
      const notices = this.#look();
      const isBusyTime = clock.monotonic() - this.#toldAt < BUSY_FOR_MS;
      this.#cancel = clock.schedule(isBusyTime ? BUSY_POLL_MS : POLL_MS, look);
      if (notices.length > 0) onNotices(notices);
    };
    this.#cancel = clock.schedule(POLL_MS, look);
  }

  stop(): void {
    this.#cancel();
  }

  #look(): readonly Notice[] {
    try {
      const found = this.#version.get();
      if (found === this.#seen) return [];
      const notices = this.#o.log.readNew();
      this.#seen = found;
      if (notices.length > 0) this.#toldAt = this.#o.context.clock.monotonic();
      this.#failing = false;
      return notices;
    } catch (err) {
      if (isBusy(err)) return [];
      if (!this.#failing) this.#o.context.logger.warn({ err }, 'hints cannot be read; only polling is left');
      this.#failing = true;
      return [];
    }
  }
}
