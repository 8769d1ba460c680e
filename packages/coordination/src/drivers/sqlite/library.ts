import type BetterSqlite3 from 'better-sqlite3';
import { CoordinationError } from '../../errors.js';

export type Database = BetterSqlite3.Database;
export type Statement<P extends unknown[], R = unknown> = BetterSqlite3.Statement<P, R>;
/** Opens a database file. */
export type OpenDatabase = (path: string, options: BetterSqlite3.Options) => Database;

/** Loads the optional peer dependency on first use. Rejects with `MISSING_DEPENDENCY` where it is not installed. */
export async function loadLibrary(): Promise<OpenDatabase> {
  try {
    const { default: Sqlite } = await import('better-sqlite3');
    return (path, options) => new Sqlite(path, options);
  } catch (cause) {
    throw new CoordinationError(
      'MISSING_DEPENDENCY',
      'sqlite: URLs need the package better-sqlite3, which could not be loaded; install it beside this one',
      { cause },
    );
  }
}
