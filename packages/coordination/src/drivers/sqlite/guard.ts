import type { Clock } from '../../clock.js';
import { bootOf } from './boot.js';
import { type FileIdentity, identify } from './file.js';
import type { Database } from './library.js';
import { unfit } from './sqlite-error.js';

/** How often an open file is looked at from outside, ms. */
const LOOK_MS = 1_000;

/**
 * Watches for what would let two sets of processes coordinate past each other: the file was deleted or replaced under its
 * users, or is used from another host as well. Both end this connection's use for good: two leaders would be worse.
 */
export class Guard {
  readonly #db: Database;
  readonly #o: { readonly path: string; readonly bootId: string | null; readonly clock: Clock };
  readonly #identity: FileIdentity | null;
  #lookedAt: number;

  constructor(
    db: Database,
    o: { readonly path: string; readonly bootId: string | null; readonly clock: Clock },
  ) {
    this.#db = db;
    this.#o = o;
    this.#identity = identify(o.path);
    this.#lookedAt = o.clock.monotonic();
  }

  /** Throws `BACKEND`, within any transaction. Looks at most once a second. */
  check(): void {
    const now = this.#o.clock.monotonic();
    if (now - this.#lookedAt < LOOK_MS) return;
    const { path, bootId } = this.#o;
    const found = identify(path);
    if (found?.inode !== this.#identity?.inode || found?.device !== this.#identity?.device)
      throw unfit(path, 'was deleted or replaced while in use; restart all its users');
    if (bootId !== null && bootOf(this.#db) !== bootId)
      throw unfit(path, 'is used by another host as well; give each host its own file, or use redis:');
    this.#lookedAt = now;
  }
}
