import type { DriverContext } from '../../driver/index.js';
import { closedError } from '../embedded/closed-error.js';
import type { Notice } from '../embedded/notices.js';
import type { Step, Store } from '../embedded/store.js';
import type { Tables } from '../embedded/tables.js';
import { BootLog } from './boot.js';
import { Guard } from './guard.js';
import { type Hub, hubs } from './hub.js';
import type { Database } from './library.js';
import { NoticeLog } from './notice-log.js';
import { Poll } from './poll.js';
import { sqliteTables } from './tables/index.js';
import { Transactions } from './transactions.js';

export interface SqliteStoreOptions {
  readonly db: Database;
  /** The one true path of the file. */
  readonly path: string;
  /** The number of the namespace in the file. */
  readonly namespace: number;
  readonly bootId: string | null;
  readonly context: DriverContext;
}

/** One connection to a file that all processes of this host may share. */
export class SqliteStore implements Store {
  readonly #o: SqliteStoreOptions;
  readonly #tables: Tables;
  readonly #log: NoticeLog;
  readonly #poll: Poll;
  readonly #transactions: Transactions;
  readonly #hubKey: string;
  readonly #hub: Hub;
  /** Of the open transaction. */
  #notices: Notice[] = [];
  #onNotices: ((notices: readonly Notice[]) => void) | null = null;
  #closed = false;

  constructor(o: SqliteStoreOptions) {
    this.#o = o;
    const { db, path, namespace, context } = o;
    this.#hubKey = `${namespace} ${path}`;
    this.#hub = hubs.enter(this.#hubKey, () => ({ id: context.clientId, listeners: new Set() }));
    this.#tables = sqliteTables(db, namespace);
    this.#log = new NoticeLog(db, { namespace, origin: this.#hub.id });
    this.#poll = new Poll({ db, log: this.#log, context });
    const guard = new Guard(db, { path, bootId: o.bootId, clock: context.clock });
    const bootLog = o.bootId === null ? new BootLog(db) : null;
    this.#transactions = new Transactions({
      db,
      path,
      context,
      onBegin: () => guard.check(),
      beforeCommit: () => {
        this.#log.append(this.#notices);
        bootLog?.note(context.clock.monotonic());
      },
      afterCommit: () => this.#publish(),
      afterRollback: () => {
        this.#notices = [];
      },
    });
  }

  write<T>(operation: string, run: (step: Step) => T): Promise<T> {
    return this.#transactions.submit({ operation, writes: true, run: () => run(this.#step()) });
  }

  read<T>(operation: string, run: (step: Step) => T): Promise<T> {
    return this.#transactions.submit({ operation, writes: false, run: () => run(this.#step()) });
  }

  /** Within this process hints come with the commit, from others at the next poll. */
  async listen(onNotices: (notices: readonly Notice[]) => void): Promise<void> {
    await this.#transactions.submit({ operation: 'listen', writes: false, run: () => this.#poll.mark() });
    if (this.#closed) throw closedError('listen');
    this.#poll.start(onNotices);
    this.#onNotices = onNotices;
    this.#hub.listeners.add(onNotices);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#poll.stop();
    this.#transactions.close();
    if (this.#onNotices !== null) this.#hub.listeners.delete(this.#onNotices);
    hubs.leave(this.#hubKey);
    this.#o.db.close();
  }

  #step(): Step {
    const { clock } = this.#o.context;
    const wallMicros = Math.floor(clock.now() * 1000);
    return { tables: this.#tables, now: clock.monotonic(), wallMicros, notices: this.#notices };
  }

  #publish(): void {
    const notices = this.#notices;
    if (notices.length === 0) return;
    this.#notices = [];
    for (const listener of this.#hub.listeners) listener(notices);
  }
}
