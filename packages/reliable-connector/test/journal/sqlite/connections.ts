import Database from 'better-sqlite3';
import { onTestFinished, vi } from 'vitest';
import {
  openSqliteJournal,
  type SqliteJournal,
  type SqliteJournalOptions,
} from '../../../src/journal/sqlite/index.js';

/**
 * Opens a journal, catches its own connection on the way, to bring it into states that only a disk can, and counts its
 * commits from then on.
 */
export async function caught(
  path: string,
  o: SqliteJournalOptions = {},
): Promise<{
  readonly journal: SqliteJournal;
  readonly own: Database.Database;
  readonly commits: () => number;
}> {
  const pragma = vi.spyOn(Database.prototype, 'pragma');
  const prepare = vi.spyOn(Database.prototype, 'prepare');
  const journal = await openSqliteJournal(path, o);
  const own = pragma.mock.contexts.at(-1);
  const at = prepare.mock.calls.findIndex(([sql]) => sql === 'COMMIT');
  const commit = prepare.mock.results[at]?.value;
  pragma.mockRestore();
  prepare.mockRestore();
  onTestFinished(() => journal.close());
  if (!(own instanceof Database) || commit === undefined)
    throw new Error('the journal was opened in another way');
  const run = vi.spyOn(commit, 'run');
  return { journal, own, commits: () => run.mock.calls.length };
}

/** A stranger's connection to the file, as another process would have it. */
export function stranger(path: string): Database.Database {
  const db = new Database(path, { timeout: 0 });
  onTestFinished(() => void db.close());
  return db;
}
