import { ConnectionError, CoordinationError } from '../../errors.js';

/** Another connection writes, recovers the log, or closes as the last one. */
const BUSY = /^SQLITE_(BUSY|PROTOCOL|LOCKED)/;
const MALFORMED = /^SQLITE_(CORRUPT|NOTADB)/;
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/^SQLITE_FULL/, 'make room on the disk'],
  [MALFORMED, 'stop all its users and delete it: leases and memberships form anew, groups are made again'],
  [/^SQLITE_(READONLY|PERM|CANTOPEN|AUTH)/, 'let this user write the file and its folder'],
  [/^SQLITE_IOERR/, 'look after the disk, which must be a local one'],
];

/** The code of an error of SQLite (`SQLITE_…`), null of any other. */
export function sqliteCode(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : null;
}

export function isBusy(error: unknown): boolean {
  return BUSY.test(sqliteCode(error) ?? '');
}

/** Whether the file cannot be reached, in contrast to: it says nothing sensible. */
const isUnreachable = (error: unknown): boolean =>
  /^SQLITE_(CANTOPEN|READONLY|PERM)/.test(sqliteCode(error) ?? '');

/** Why an operation on an open file failed. What it did is rolled back, unless the commit itself failed half-way. */
export function failed(path: string, operation: string, cause: unknown): CoordinationError {
  if (cause instanceof CoordinationError) return cause;
  return new CoordinationError('BACKEND', `${operation} on ${path} failed: ${why(cause)}`, { cause });
}

/** Why a file could not be opened. */
export function unusable(path: string, cause: unknown): CoordinationError {
  if (cause instanceof CoordinationError) return cause;
  const message = `${path} cannot be opened: ${why(cause)}`;
  if (sqliteCode(cause) === null || isUnreachable(cause)) return new ConnectionError(message, { cause });
  return new CoordinationError('BACKEND', message, { cause });
}

/** The file is one that this package must not touch. */
export function unfit(path: string, found: string): CoordinationError {
  return new CoordinationError('BACKEND', `${path} ${found}`);
}

function why(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  const code = sqliteCode(cause);
  if (code === null) return text;
  const remedy = REMEDIES.find(([codes]) => codes.test(code))?.[1];
  return `${text} (${code})${remedy === undefined ? '' : `; ${remedy}`}`;
}
