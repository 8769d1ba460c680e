import { existsSync, mkdirSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Database, Driver } from './driver.js';
import { createPrivateFile } from './files.js';
import { isBusy } from './sqlite-error.js';

const SUFFIX = '.db';

/** Owners whose lock this process holds, of all journals: their files are never opened here a second time. */
const HELD = new Set<string>();

/**
 * The operating-system lock of one connector (4.6): `BEGIN EXCLUSIVE` on `<journal>.owners/<uuid>.db`, which nobody else
 * opens for writing. It goes with the process, however that dies; a stopped process keeps it. Whoever deletes the file
 * of a living owner makes it look dead: the folder belongs to the journal.
 */
export class OwnerLock {
  readonly #db: Database;
  readonly #path: string;
  readonly #uuid: string;

  constructor(driver: Driver, folder: string, uuid: string) {
    mkdirSync(folder, { recursive: true });
    this.#uuid = uuid;
    this.#path = lockPath(folder, uuid);
    createPrivateFile(this.#path);
    this.#db = driver(this.#path, { timeout: 0, fileMustExist: true });
    try {
      // Nothing is ever written, so no rollback file is needed beside it.
      this.#db.pragma('journal_mode = MEMORY');
      this.#db.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      this.#db.close();
      throw error;
    }
    HELD.add(uuid);
  }

  /** Gives the lock free and removes its file. */
  release(): void {
    if (!HELD.delete(this.#uuid)) return;
    this.#db.close();
    removeLock(this.#path);
  }
}

/**
 * Whether the owner's lock is held: by trying to read its file, which a held lock refuses at once, without waiting and
 * without a trace for its owner. A file that cannot be judged counts as held.
 */
export function isLocked(driver: Driver, folder: string, uuid: string): boolean {
  if (HELD.has(uuid)) return true;
  const path = lockPath(folder, uuid);
  if (!existsSync(path)) return false;
  let db: Database | null = null;
  try {
    db = driver(path, { timeout: 0, readonly: true, fileMustExist: true });
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return false;
  } catch (error) {
    return isBusy(error) || existsSync(path);
  } finally {
    db?.close();
  }
}

/** Removes the lock file of a dead owner. */
export function removeDeadLock(folder: string, uuid: string): void {
  removeLock(lockPath(folder, uuid));
}

/** The owners that have a lock file. */
export function lockFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length));
}

function lockPath(folder: string, uuid: string): string {
  return join(folder, `${uuid}${SUFFIX}`);
}

function removeLock(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
