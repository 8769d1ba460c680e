import type { DriverContext } from '../../driver/index.js';
import { enterBoot } from './boot.js';
import { connect } from './connection.js';
import { prepareFile } from './file.js';
import { type Database, loadLibrary } from './library.js';
import { migrate } from './migrate.js';
import { unusable } from './sqlite-error.js';
import { SqliteStore } from './sqlite-store.js';
import { namespaceId, sqliteTables } from './tables/index.js';
import { whenFree } from './wait.js';

/** Opens or creates the file. Rejects with `CONNECTION` or `BACKEND`; nothing stays open then. */
export async function openStore(
  path: string,
  context: DriverContext,
  bootId: string | null,
): Promise<SqliteStore> {
  const open = await loadLibrary();
  let db: Database | null = null;
  try {
    const real = prepareFile(path);
    const opened = await whenFree(path, context, () => connect(open, real));
    db = opened;
    const namespace = await whenFree(path, context, () => bringUp(opened, { path, bootId, context }));
    return new SqliteStore({ db, path: real, namespace, bootId, context });
  } catch (error) {
    db?.close();
    throw unusable(path, error);
  }
}

interface BringUpOptions {
  readonly path: string;
  readonly bootId: string | null;
  readonly context: DriverContext;
}

/** Schema, boot and namespace in one transaction, and what died unseen goes. */
function bringUp(db: Database, { path, bootId, context }: BringUpOptions): number {
  const { clock } = context;
  db.exec('BEGIN IMMEDIATE');
  try {
    migrate(db, path, { wallMs: clock.now() });
    enterBoot(db, bootId, clock.monotonic());
    const namespace = namespaceId(db, context.namespace);
    sqliteTables(db, namespace).sweep(clock.monotonic());
    db.exec('COMMIT');
    return namespace;
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
