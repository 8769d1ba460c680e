import { closeSync, openSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConnectionError } from '../../errors.js';

const PRIVATE = 0o600;

/** Which file it is, whatever its name: changes when it is deleted and made anew. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
}

/**
 * Makes an empty file, readable by its owner alone, where there is none, and returns its one true path. An existing one
 * is not opened: closing it would drop the locks that SQLite holds on it for this process.
 */
export function prepareFile(path: string): string {
  const folder = dirname(path);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new ConnectionError(
      `${path} cannot be opened: ${folder} is no folder; create it, or give another path`,
    );
  try {
    closeSync(openSync(path, 'wx', PRIVATE));
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'))
      throw new ConnectionError(
        `${path} cannot be created: ${cause instanceof Error ? cause.message : String(cause)}; ` +
          'let this user write the folder, or give another path',
        { cause },
      );
  }
  const real = realpathSync(path);
  if (statSync(real).isFile()) return real;
  throw new ConnectionError(`${path} cannot be opened: it is no file; give the path of one`);
}

/** Null if there is no such file. */
export function identify(path: string): FileIdentity | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? null : { device: stat.dev, inode: stat.ino };
}
