import { createRequire } from 'node:module';
import { join } from 'node:path';
import { BenchError } from '../../../harness/bench-error.js';
import { LOCK_TTL_MS, type OpenContender } from '../contenders/contender.js';

/** What is used of better-sqlite3, which is a CommonJS package without types of its own. */
type Library = new (
  path: string,
) => {
  pragma(text: string): unknown;
  exec(sql: string): unknown;
  prepare(sql: string): { run(...values: readonly (string | number)[]): { readonly changes: number } };
  close(): unknown;
};

const Database = createRequire(import.meta.url)('better-sqlite3') as Library;

/**
 * The least that locks in a SQLite file: one statement that inserts the row unless it is there, one that deletes it if it
 * is ours; write-ahead log, no flush per transaction. In the calling thread, with nothing around it.
 */
export async function openSqliteFloor(folder: string): Promise<OpenContender> {
  const db = new Database(join(folder, `floor-${process.pid}.db`));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.exec('CREATE TABLE lock (name TEXT PRIMARY KEY, token TEXT NOT NULL, ends REAL NOT NULL) WITHOUT ROWID');
  const insert = db.prepare(
    'INSERT INTO lock VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET token = excluded.token, ends = excluded.ends WHERE ends < ?',
  );
  const remove = db.prepare('DELETE FROM lock WHERE name = ? AND token = ?');
  let tokens = 0;
  return {
    locker(name) {
      let token = '';
      return {
        async acquire() {
          tokens += 1;
          token = `floor.${tokens}`;
          return insert.run(name, token, LOCK_TTL_MS, 0).changes === 1;
        },
        async release() {
          if (remove.run(name, token).changes !== 1)
            throw new BenchError('WRONG_REPLY', `the floor lost ${name}`);
        },
      };
    },
    async [Symbol.asyncDispose]() {
      db.close();
    },
  };
}
