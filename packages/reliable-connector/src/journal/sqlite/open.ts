import { connect } from './connection.js';
import type { JournalContext } from './context.js';
import { type Database, type Driver, loadDriver } from './driver.js';
import { makeOwnersFolder, ownersFolder, prepareFile } from './files.js';
import { GroupCommit } from './group-commit.js';
import { hasSchema, migrate, refuseNewer, schemaVersion } from './migrate.js';
import { MIGRATIONS } from './migrations/index.js';
import type { ResolvedSqliteJournalOptions } from './options.js';
import { quickCheck } from './soundness.js';
import { orDamaged, unusable } from './sqlite-error.js';
import { prepareTables } from './tables/index.js';
import { inTurn } from './turn.js';

/** An open connection and all that is built on it. */
export interface OpenedJournal {
  readonly db: Database;
  readonly context: JournalContext;
}

/**
 * Opens or creates the file, in this order: never re-create what was lost, connect, judge the file, refuse a newer
 * schema, migrate. Each step is repeated while another process is at the same.
 */
export async function openFile(path: string, options: ResolvedSqliteJournalOptions): Promise<OpenedJournal> {
  const driver = await loadDriver();
  let db: Database | null = null;
  try {
    prepareFile(path);
    const opened = await inTurn(path, options, () => orDamaged(path, () => connect(driver, path)));
    db = opened;
    await inTurn(path, options, () => orDamaged(path, () => bringUp(opened, path, options)));
    makeOwnersFolder(path);
    return { db, context: await assemble({ db, driver, path, options }) };
  } catch (error) {
    db?.close();
    throw unusable(path, error);
  }
}

function bringUp(db: Database, path: string, options: ResolvedSqliteJournalOptions): void {
  if (hasSchema(db, path)) {
    refuseNewer(db, path);
    quickCheck(db, path);
  }
  if (!hasSchema(db, path) || schemaVersion(db) < MIGRATIONS.length)
    migrate(db, { path, nowMs: options.clock.now(), random: options.random });
}

async function assemble(parts: {
  readonly db: Database;
  readonly driver: Driver;
  readonly path: string;
  readonly options: ResolvedSqliteJournalOptions;
}): Promise<JournalContext> {
  const { db, driver, path, options } = parts;
  const tables = prepareTables(db);
  const commits = new GroupCommit(db, path, options);
  commits.add(tables.row);
  const context = { path, owners: ownersFolder(path), driver, tables, commits, options };
  const { slot } = options;
  if (slot !== null && tables.row.peek().slot !== slot)
    await commits.submit(() => {
      tables.row.slot = slot;
    });
  return context;
}
