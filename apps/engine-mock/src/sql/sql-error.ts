import Database from 'better-sqlite3';

/** Why a statement was not run or its rows cannot be read. The message is meant for the client. */
export class SqlError extends Error {
  override readonly name = 'SqlError';
}

/** Does `work`; what SQLite has to say against it becomes a message for the client. */
export function inSqlite<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof Database.SqliteError) throw new SqlError(cause.message, { cause });
    throw cause;
  }
}
