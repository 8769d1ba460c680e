import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ReliableConnectorError } from '../../errors.js';
import { damaged } from './sqlite-error.js';

const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** The folder of the owners' lock files. It is made once the schema stands, so it also tells that there was a journal. */
export function ownersFolder(path: string): string {
  return `${path}.owners`;
}

/**
 * Makes the journal's folder and an empty private file where there is none. Throws `JOURNAL_DAMAGED` where a journal
 * has been but its file is gone or empty: it is never silently re-created.
 *
 * An existing file is only looked at from outside: opening and closing it here would drop the locks that SQLite holds
 * on it for this process.
 */
export function prepareFile(path: string): void {
  if (path === '' || path.includes('\0') || path.startsWith(':memory:') || path.startsWith('file:'))
    throw new ReliableConnectorError(
      'INVALID_ARGUMENT',
      `${JSON.stringify(path)} is no path of a journal; give a file on a local disk`,
    );
  // The traces first, then the file: another process may be making both at this moment, in the other order.
  const traces = [ownersFolder(path), `${path}-wal`].filter(
    (trace) => existsSync(trace) && !isEmptyFile(trace),
  );
  if (existsSync(path) && !isEmptyFile(path)) return;
  if (traces.length > 0)
    throw damaged(
      path,
      `the file is ${existsSync(path) ? 'empty' : 'gone'}, but ${traces.join(' and ')} is there`,
    );
  mkdirSync(dirname(path), { recursive: true });
  createPrivateFile(path);
  syncFolder(dirname(path));
}

export function makeOwnersFolder(path: string): void {
  mkdirSync(ownersFolder(path), { recursive: true, mode: PRIVATE_FOLDER });
}

/** Creates an empty file of mode 0600; one that exists is left alone, unopened. */
export function createPrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', PRIVATE_FILE));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/** Size in bytes, 0 for a file that is not there. */
export function fileBytes(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function isEmptyFile(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true && stat.size === 0;
}

/** A file's name is durable when its folder is. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
