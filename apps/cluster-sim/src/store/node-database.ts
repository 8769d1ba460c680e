import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { ClusterSimError } from '../cluster-sim-error.js';

/** Version of the tables below, kept in the file's `user_version`. */
const SCHEMA_VERSION = 1;

/** How long a start waits for a predecessor that is still closing the file. */
const BUSY_TIMEOUT_MS = 1_000;

/** Pages of the write-ahead log between checkpoints: each costs an fsync, so they are kept rare (16 MiB). */
const CHECKPOINT_PAGES = 4_000;

const SCHEMA = `
  CREATE TABLE groups (id TEXT NOT NULL PRIMARY KEY, timestamp REAL) STRICT, WITHOUT ROWID;
  CREATE TABLE tombstones (
    id TEXT NOT NULL, timestamp REAL NOT NULL, deleted_at INTEGER NOT NULL, PRIMARY KEY (id, timestamp)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tombstones_by_age ON tombstones (deleted_at);
  -- Unsigned 64 bits do not fit SQLite's signed integers: 20 digits with leading zeros sort as the numbers do.
  CREATE TABLE fences (scope TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

/**
 * Opens a node's file, creating folder and tables where they are missing. The file is held exclusively until it is
 * closed, by a lock that goes with the process: two simulators on one folder would apply each other's faults.
 *
 * WAL with synchronous=NORMAL: a commit survives the death of the process, not a power failure.
 *
 * @throws ClusterSimError `DATA_IN_USE` or `DATA_INVALID`, naming the file.
 */
export function openNodeDatabase(file: string): Database.Database {
  mkdirSync(dirname(file), { recursive: true });
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    database.pragma('locking_mode = EXCLUSIVE');
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    prepareTables(database, file);
    return database;
  } catch (cause) {
    database?.close();
    throw openError(file, cause);
  }
}

/** Removes a node's file with all that belongs to it, as a new disk would. The database must be closed. */
export function removeNodeDatabase(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
}

function prepareTables(database: Database.Database, file: string): void {
  database.exec('BEGIN EXCLUSIVE');
  const version = database.pragma('user_version', { simple: true });
  if (version === 0) {
    database.exec(SCHEMA);
    database.pragma(`user_version = ${SCHEMA_VERSION}`);
  } else if (version !== SCHEMA_VERSION) {
    throw new ClusterSimError(
      'DATA_INVALID',
      `${file} has schema version ${version}, this simulator knows ${SCHEMA_VERSION}; choose another data folder`,
    );
  }
  database.exec('COMMIT');
}

function openError(file: string, cause: unknown): unknown {
  if (!(cause instanceof Database.SqliteError)) return cause;
  if (cause.code.startsWith('SQLITE_BUSY')) {
    return new ClusterSimError(
      'DATA_IN_USE',
      `${file} is open in another process; stop that simulator, or choose another folder with --data or CLUSTER_DATA`,
      { cause },
    );
  }
  return new ClusterSimError(
    'DATA_INVALID',
    `${file} cannot be opened as a node's database (${cause.message}); remove it, or choose another data folder`,
    { cause },
  );
}
