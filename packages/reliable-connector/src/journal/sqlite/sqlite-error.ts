import { ReliableConnectorError } from '../../errors.js';

/** Codes after which nothing that this connection says can be trusted (4.3 "A failed commit"). */
const FATAL = /^SQLITE_(FULL|IOERR|CORRUPT|NOTADB|READONLY|CANTOPEN|NOMEM|PERM|AUTH|MISUSE|INTERNAL|NOLFS)/;
/** Another process holds the write lock, recovers the log, or closes as the last one. */
const BUSY = /^SQLITE_(BUSY|PROTOCOL|LOCKED)/;
const MALFORMED = /^SQLITE_(CORRUPT|NOTADB)/;

/** The code of an error of SQLite (`SQLITE_…`), null of any other. */
export function sqliteCode(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : null;
}

export function isBusy(error: unknown): boolean {
  return BUSY.test(sqliteCode(error) ?? '');
}

export function isFatal(error: unknown): boolean {
  return FATAL.test(sqliteCode(error) ?? '');
}

export function isMalformed(error: unknown): boolean {
  return MALFORMED.test(sqliteCode(error) ?? '');
}

/** The journal takes nothing more; what was not acknowledged is not acknowledged later either. */
export function stopped(path: string, cause: unknown): ReliableConnectorError {
  return new ReliableConnectorError(
    'JOURNAL_STOPPED',
    `the journal ${path} failed to commit (${sqliteCode(cause) ?? 'unknown error'}) and takes nothing more; ` +
      'make room or repair the disk, then open it again: recovery ends what was begun',
    { cause },
  );
}

export function damaged(path: string, found: string, cause?: unknown): ReliableConnectorError {
  return new ReliableConnectorError(
    'JOURNAL_DAMAGED',
    `the journal ${path} is damaged: ${found}. It was left as it is; restore a backup of it, ` +
      'or salvage it with the sqlite3 tool (.recover). Starting anew forgets every unfinished saga',
    cause === undefined ? undefined : { cause },
  );
}

export function busy(path: string, busyMs: number, cause: unknown): ReliableConnectorError {
  return new ReliableConnectorError(
    'JOURNAL_BUSY',
    `the journal ${path} was held by others for ${busyMs} ms (busyMs); find the process that holds it, or try again`,
    { cause },
  );
}

/** Runs `action`; SQLite's word that the file is no sound database becomes `JOURNAL_DAMAGED`. */
export function orDamaged<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    if (!isMalformed(cause)) throw cause;
    throw damaged(path, cause instanceof Error ? cause.message : 'SQLite cannot read it', cause);
  }
}

/** What SQLite refuses of one write, though the journal is sound: a text beyond its limits, as a rule. */
export function unstorable(path: string, cause: unknown): unknown {
  if (sqliteCode(cause) === null) return cause;
  return new ReliableConnectorError(
    'INVALID_ARGUMENT',
    `the journal ${path} cannot store this saga (${sqliteCode(cause)}); make its input, memo or outcome smaller`,
    { cause },
  );
}

/** Why a file could not be opened at all. */
export function unusable(path: string, cause: unknown): unknown {
  if (cause instanceof ReliableConnectorError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ReliableConnectorError(
    'INVALID_ARGUMENT',
    `the journal ${path} cannot be opened: ${why}; give a file in a folder on a local disk that this user may write`,
    { cause },
  );
}
