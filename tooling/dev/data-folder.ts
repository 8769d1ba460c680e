import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { DevError } from './dev-error.js';
import type { Settings } from './settings.js';

/** What of better-sqlite3 a lock needs. */
interface LockDatabase {
  exec(sql: string): void;
  close(): void;
}

type OpenDatabase = new (file: string, options: { readonly timeout: number }) => LockDatabase;

const LOCK = 'dev.lock';
const OWNER = 'dev.json';
/** Everything that the stack makes in its folder. */
const OURS =
  /^(cluster|engine|(journal|coordination)\.db(-wal|-shm|-journal)?|journal\.db\.owners|dev\.(json|lock(-journal)?))$/;

/**
 * The folder of the stack's files, claimed by one launcher at a time. The claim is a lock of the operating system on
 * dev.lock (held by an open SQLite transaction), so that it ends with the process, however that ends.
 */
export class DataFolder {
  readonly #folder: string;
  readonly #lock: LockDatabase;
  /** Whether the launcher that had it before was killed, so that its programs may still be about to end. */
  readonly wasLeft: boolean;

  private constructor(folder: string, lock: LockDatabase, wasLeft: boolean) {
    this.#folder = folder;
    this.#lock = lock;
    this.wasLeft = wasLeft;
  }

  /**
   * Makes the folder, if need be, and claims it.
   *
   * @param fresh whether what the stack made in it is deleted.
   * @throws DevError when another launcher has it, or when it is not to be emptied.
   */
  static claim(settings: Settings, fresh: boolean): DataFolder {
    const folder = settings.dataDir;
    try {
      mkdirSync(folder, { recursive: true });
    } catch (cause) {
      throw new DevError(`the data folder ${folder} cannot be made: ${String(cause)}; see HOLDFAST_DATA`);
    }
    const names = readdirSync(folder);
    if (fresh) requireOurs(settings, names);
    const lock = lockFile(folder);
    const wasLeft = names.includes(OWNER);
    for (const name of fresh ? names : []) {
      if (!name.startsWith(LOCK)) rmSync(path.join(folder, name), { recursive: true, force: true });
    }
    const owner = { pid: process.pid, started: new Date().toISOString() };
    writeFileSync(path.join(folder, OWNER), `${JSON.stringify(owner)}\n`);
    return new DataFolder(folder, lock, wasLeft);
  }

  /** To be called when no program of the stack runs any more. */
  release(): void {
    rmSync(path.join(this.#folder, OWNER), { force: true });
    this.#lock.close();
  }
}

function requireOurs({ dataDir, elsewhere }: Settings, names: readonly string[]): void {
  const [outside] = Object.keys(elsewhere);
  if (outside !== undefined) {
    // Nodes, journal and terms that do not start together contradict each other.
    throw new DevError(
      `--fresh empties ${dataDir}, and ${outside} lies elsewhere; unset it, or empty it yourself`,
    );
  }
  const foreign = names.filter((name) => !OURS.test(name));
  // A folder with such names in it may be somebody's; the lock file shows that the stack has used it.
  const isUnknown = names.length > 0 && !names.includes(LOCK) && path.basename(dataDir) !== '.holdfast';
  if (foreign.length === 0 && !isUnknown) return;
  const why =
    foreign.length > 0 ? `has what the stack did not make: ${foreign.join(', ')}` : 'is not its own';
  throw new DevError(
    `--fresh deletes nothing, since ${dataDir} ${why}; move that away, or name another HOLDFAST_DATA`,
  );
}

function lockFile(folder: string): LockDatabase {
  const require = createRequire(new URL('../../apps/cluster-sim/package.json', import.meta.url));
  const Database = require('better-sqlite3') as OpenDatabase;
  const file = path.join(folder, LOCK);
  let lock: LockDatabase | undefined;
  try {
    lock = new Database(file, { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (cause) {
    lock?.close();
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code !== 'SQLITE_BUSY') throw new DevError(`${file} cannot be locked: ${String(cause)}`);
    throw new DevError(
      `a stack runs in ${folder} already${ownerOf(folder)}; stop it, or give this one a HOLDFAST_DATA and ports of its own`,
    );
  }
}

function ownerOf(folder: string): string {
  try {
    const owner: unknown = JSON.parse(readFileSync(path.join(folder, OWNER), 'utf8'));
    if (typeof owner !== 'object' || owner === null || !('pid' in owner) || !('started' in owner)) return '';
    return ` (pid ${String(owner.pid)}, since ${String(owner.started)})`;
  } catch {
    return '';
  }
}
