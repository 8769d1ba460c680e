import type { Database } from './library.js';
import { MIGRATIONS, type Migration } from './migrations/index.js';
import { unfit } from './sqlite-error.js';

/** Named so that no other application's table is taken for it. */
const VERSION_TABLE = 'coordination_migration';

/**
 * Brings the schema to what this version knows, within the caller's transaction: whoever dies on the way leaves the file
 * as it was. Throws `BACKEND` for the file of a newer version and for a database of something else.
 */
export function migrate(
  db: Database,
  path: string,
  o: { readonly wallMs: number; readonly migrations?: readonly Migration[] },
): void {
  const migrations = o.migrations ?? MIGRATIONS;
  refuseStrangers(db, path);
  db.exec(
    `CREATE TABLE IF NOT EXISTS ${VERSION_TABLE} (id INTEGER PRIMARY KEY, applied_at REAL NOT NULL) STRICT`,
  );
  const version = schemaVersion(db);
  if (version > migrations.length)
    throw unfit(
      path,
      `has schema ${version}, this version knows up to ${migrations.length}; upgrade this process`,
    );
  for (let id = version + 1; id <= migrations.length; id++) {
    db.exec(migrations[id - 1] ?? '');
    db.prepare(`INSERT INTO ${VERSION_TABLE} VALUES (?, ?)`).run(id, o.wallMs);
  }
}

/** The number of the last migration; 0 without any. */
function schemaVersion(db: Database): number {
  return db.prepare<[], number | null>(`SELECT max(id) FROM ${VERSION_TABLE}`).pluck().get() ?? 0;
}

function refuseStrangers(db: Database, path: string): void {
  const names = db.prepare<[], string>('SELECT name FROM sqlite_schema').pluck().all();
  if (names.length === 0 || names.includes(VERSION_TABLE)) return;
  const found = names.slice(0, 3).join(', ');
  throw unfit(path, `is a database of something else (it has ${found}); give it another path`);
}
