import { ReliableConnectorError } from '../../errors.js';
import type { Database, Driver } from './driver.js';

/** SQLite's number for `synchronous = FULL`. */
const FULL = 2;
/** Pages of the log after which a commit also checkpoints: 4,000 pages of 4 KiB keep the log near 16 MiB. */
const CHECKPOINT_PAGES = 4_000;
const LOG_LIMIT_BYTES = 64 * 2 ** 20;

/**
 * Opens one connection as 4.3 wants it: WAL, `synchronous = FULL`, no blocking wait; set and then asserted, since a
 * pragma that is not obeyed does not fail. Throws SQLite's busy error while another process switches the mode.
 */
export function connect(driver: Driver, path: string): Database {
  const db = driver(path, { timeout: 0, fileMustExist: true });
  try {
    if (db.pragma('journal_mode', { simple: true }) !== 'wal') db.pragma('journal_mode = WAL');
    db.pragma(`synchronous = ${FULL}`);
    db.pragma('busy_timeout = 0');
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    db.pragma(`journal_size_limit = ${LOG_LIMIT_BYTES}`);
    assertPragma(db, path, 'journal_mode', 'wal');
    assertPragma(db, path, 'synchronous', FULL);
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
    throw new ReliableConnectorError(
      'INVALID_ARGUMENT',
      `the journal ${path} has ${name} ${String(value)} where ${wanted} is needed; put it on a local disk`,
    );
}
