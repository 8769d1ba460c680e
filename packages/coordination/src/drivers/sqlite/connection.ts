import type { Database, OpenDatabase } from './library.js';
import { unfit } from './sqlite-error.js';

/**
 * SQLite's number for `synchronous = NORMAL`: the log is flushed to disk before a checkpoint and not at each commit. A
 * crash of processes loses nothing; a loss of power may lose the last commits, and with them nothing that counts, as it
 * ends the boot and thereby every lease and membership. Fences go on from the wall clock. Only a group that was created
 * in the last moments may be missing afterwards, as if it had been deleted.
 */
const NORMAL = 1;
/** Pages of the log after which a commit also checkpoints: few enough to keep it near 8 MiB. */
const CHECKPOINT_PAGES = 2_000;
const LOG_LIMIT_BYTES = 32 * 2 ** 20;

/**
 * Opens one connection: WAL, no flush at each commit, and no wait inside SQLite, which would block the event loop. Each
 * is set and then asserted, since a pragma that is not obeyed does not fail. Throws SQLite's busy error while another
 * connection switches the mode.
 */
export function connect(open: OpenDatabase, path: string): Database {
  const db = open(path, { timeout: 0, fileMustExist: true });
  try {
    if (db.pragma('journal_mode', { simple: true }) !== 'wal') db.pragma('journal_mode = WAL');
    db.pragma(`synchronous = ${NORMAL}`);
    db.pragma('busy_timeout = 0');
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    db.pragma(`journal_size_limit = ${LOG_LIMIT_BYTES}`);
    assertPragma(db, path, 'journal_mode', 'wal');
    assertPragma(db, path, 'synchronous', NORMAL);
    assertPragma(db, path, 'busy_timeout', 0);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function assertPragma(db: Database, path: string, name: string, wanted: string | number): void {
  const value = db.pragma(name, { simple: true });
  if (value !== wanted)
    throw unfit(path, `has ${name} ${String(value)} where ${wanted} is needed; put it on a local disk`);
}
