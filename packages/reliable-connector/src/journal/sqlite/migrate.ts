import { randomUUID } from 'node:crypto';
import { ReliableConnectorError } from '../../errors.js';
import type { Random } from '../../random.js';
import { SLOTS } from '../token.js';
import type { Database } from './driver.js';
import { MIGRATIONS, type Migration } from './migrations/index.js';
import { damaged } from './sqlite-error.js';

const MIGRATION_TABLE =
  'CREATE TABLE IF NOT EXISTS migration (id INTEGER PRIMARY KEY, applied_at REAL NOT NULL) STRICT';

export interface MigrateOptions {
  readonly path: string;
  readonly nowMs: number;
  readonly random: Random;
  /** Default: all that this version knows. */
  readonly migrations?: readonly Migration[];
}

/** Whether the file has this package's tables; false for one that is still empty. Throws `JOURNAL_DAMAGED` for a stranger's. */
export function hasSchema(db: Database, path: string): boolean {
  const names = db.prepare<[], string>('SELECT name FROM sqlite_schema').pluck().all();
  if (names.includes('migration')) return true;
  if (names.length === 0) return false;
  throw damaged(path, `it is a database of something else (it has ${names.slice(0, 3).join(', ')})`);
}

/** The number of the last migration; 0 without any. */
export function schemaVersion(db: Database): number {
  return db.prepare<[], number | null>('SELECT max(id) FROM migration').pluck().get() ?? 0;
}

/** Throws `JOURNAL_TOO_NEW` where a newer version of this package has written the schema. */
export function refuseNewer(db: Database, path: string, known: number = MIGRATIONS.length): void {
  const version = schemaVersion(db);
  if (version > known)
    throw new ReliableConnectorError(
      'JOURNAL_TOO_NEW',
      `the journal ${path} has schema ${version}, this version knows up to ${known}; upgrade this process`,
    );
}

/**
 * Applies what is missing, all in one transaction: whoever dies on the way leaves the schema as it was, and the next
 * opening starts over. Throws SQLite's busy error where another process is at it.
 */
export function migrate(db: Database, o: MigrateOptions): void {
  const migrations = o.migrations ?? MIGRATIONS;
  db.exec('BEGIN IMMEDIATE');
  try {
    db.exec(MIGRATION_TABLE);
    refuseNewer(db, o.path, migrations.length);
    for (let id = schemaVersion(db) + 1; id <= migrations.length; id++) {
      db.exec(migrations[id - 1] ?? '');
      db.prepare('INSERT INTO migration VALUES (?, ?)').run(id, o.nowMs);
    }
    db.prepare(
      'INSERT INTO journal VALUES (1, ?, ?, NULL, 0, 0, 0, 0, NULL) ON CONFLICT (one) DO NOTHING',
    ).run(randomUUID(), Math.floor(o.random() * SLOTS));
    db.exec('COMMIT');
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
