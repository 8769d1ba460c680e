import type { LockKey } from '../../driver/index.js';
import { lockName } from '../embedded/lock-name.js';

/** Rows of each lock by token, in the order in which they were added; a lock without rows takes no space. */
export class RowsByLock<Row> {
  readonly #locks = new Map<string, Map<string, Row>>();

  of(lock: LockKey): ReadonlyMap<string, Row> {
    return this.#locks.get(lockName(lock)) ?? NONE;
  }

  /** Adds the row at the end, or puts it in place of the one of the same token. */
  put(lock: LockKey, token: string, row: Row): void {
    const key = lockName(lock);
    const rows = this.#locks.get(key);
    if (rows === undefined) this.#locks.set(key, new Map([[token, row]]));
    else rows.set(token, row);
  }

  remove(lock: LockKey, token: string): void {
    const key = lockName(lock);
    const rows = this.#locks.get(key);
    if (rows?.delete(token) && rows.size === 0) this.#locks.delete(key);
  }

  removeEverywhere(isOver: (row: Row) => boolean): void {
    for (const [key, rows] of this.#locks) {
      for (const [token, row] of rows) if (isOver(row)) rows.delete(token);
      if (rows.size === 0) this.#locks.delete(key);
    }
  }
}

const NONE: ReadonlyMap<string, never> = new Map<string, never>();
