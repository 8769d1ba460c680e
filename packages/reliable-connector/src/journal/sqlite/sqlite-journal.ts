import { ReliableConnectorError } from '../../errors.js';
import type { NodeSet } from '../binding.js';
import type { JoinOptions, Journal, JournalInfo, JournalSession } from '../journal.js';
import { type BackupOptions, backupJournal } from './backup.js';
import { type CheckReport, checkJournal } from './check.js';
import type { JournalContext } from './context.js';
import { type OpenedJournal, openFile } from './open.js';
import { resolveSqliteJournalOptions, type SqliteJournalOptions } from './options.js';
import { OwnSagas } from './own-sagas.js';
import { OwnerLock } from './owner-lock.js';
import { readInfo } from './reads.js';
import { type RebindReport, writeRebind } from './rebind.js';
import { SqliteSession } from './session.js';
import { inTurn } from './turn.js';
import { writeJoin } from './writes/join.js';

/**
 * The embedded journal (4.3): one SQLite database in WAL with `synchronous = FULL`, shared by all processes of a host.
 * Beside the file stand SQLite's `-wal` and `-shm`, and the folder `<path>.owners` with the locks of open connectors;
 * they belong together.
 *
 * What can still go wrong: a disk that does not honour fsync; a network file system; a `-wal` or an owner's lock file
 * that somebody deletes; opening the file with another copy of SQLite in the same process, which drops its locks.
 */
export interface SqliteJournal extends Journal, AsyncDisposable {
  readonly path: string;
  info(): Promise<JournalInfo>;
  /** `integrity_check` and the journal's own rules; blocks the event loop while it reads the whole file. */
  check(): Promise<CheckReport>;
  /** Copies the journal to a new file while it is in use. */
  backup(destination: string, o?: BackupOptions): Promise<void>;
  /**
   * Binds the journal to other nodes. Rejects with `JOURNAL_BUSY` while a connector is open, and with
   * `JOURNAL_OTHER_CLUSTER` where a node that goes still has obligations.
   */
  rebind(nodes: NodeSet): Promise<RebindReport>;
}

/**
 * Opens the journal at `path`, creating file and folder where there is none. Rejects with `MISSING_DEPENDENCY`,
 * `JOURNAL_DAMAGED`, `JOURNAL_TOO_NEW`, `JOURNAL_BUSY` or `INVALID_ARGUMENT`.
 */
export async function openSqliteJournal(
  path: string,
  options: SqliteJournalOptions = {},
): Promise<SqliteJournal> {
  const opened = await openFile(path, resolveSqliteJournalOptions(options));
  return new FileJournal(opened);
}

class FileJournal implements SqliteJournal {
  readonly path: string;
  readonly #opened: OpenedJournal;
  readonly #context: JournalContext;
  readonly #locks = new Set<OwnerLock>();
  #closed = false;

  constructor(opened: OpenedJournal) {
    this.#opened = opened;
    this.#context = opened.context;
    this.path = opened.context.path;
  }

  async join(o: JoinOptions): Promise<JournalSession> {
    const context = this.#context;
    const { commits, tables, driver, owners } = context;
    let lock: OwnerLock | null = null;
    const unlock = (): void => {
      if (lock !== null) this.#locks.delete(lock);
      lock?.release();
      lock = null;
    };
    try {
      const owner = await commits.submit(() => {
        unlock(); // of a first try that SQLite refused
        return writeJoin(context, o, (uuid) => {
          lock = new OwnerLock(driver, owners, uuid);
          this.#locks.add(lock);
        });
      });
      const own = new OwnSagas(tables.sagas, owner.id);
      commits.add(own);
      const { id: journalId } = tables.row.peek();
      const info = (): JournalInfo => readInfo(this.#opened.db, context);
      return new SqliteSession({ ...context, owner, own, join: o, journalId, readInfo: info, unlock });
    } catch (error) {
      unlock();
      throw error;
    }
  }

  info(): Promise<JournalInfo> {
    return this.#read(() => readInfo(this.#opened.db, this.#context));
  }

  check(): Promise<CheckReport> {
    return this.#read(() => checkJournal(this.#opened.db, this.#context));
  }

  async backup(destination: string, o: BackupOptions = {}): Promise<void> {
    this.#context.commits.assertRunning();
    await backupJournal(this.#opened.db, destination, o);
  }

  rebind(nodes: NodeSet): Promise<RebindReport> {
    return this.#context.commits.submit(() => writeRebind(this.#context, nodes));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#context.commits.stop(
      new ReliableConnectorError('CLOSED', `the journal ${this.path} was closed; open it again`),
    );
    for (const lock of this.#locks) lock.release();
    this.#locks.clear();
    this.#opened.db.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #read<T>(run: () => T): Promise<T> {
    const { commits, options } = this.#context;
    return inTurn(this.path, options, () => commits.read(run));
  }
}
