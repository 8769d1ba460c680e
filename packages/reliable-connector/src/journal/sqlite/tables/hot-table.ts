import type { HotQuery } from '../../journal.js';
import type { HotEntry } from '../../records.js';
import type { Database, Statement } from '../driver.js';

/** The HOT list (4.3). */
export class HotTable {
  readonly #byKey: Statement<[string, number, number], HotEntry>;
  readonly #all: Statement<[number, number], HotEntry>;
  readonly #add: Statement<[string, string, number, number]>;
  readonly #isPayable: Statement<[string, string, number, number], number>;
  readonly #pay: Statement<[string, string, number, number]>;
  readonly #idleAndOver: Statement<[number], HotEntry>;
  readonly #restartWaits: Statement<[number]>;

  constructor(db: Database) {
    this.#byKey = db.prepare('SELECT * FROM hot WHERE key = ? AND until <= ? ORDER BY step, token LIMIT ?');
    this.#all = db.prepare('SELECT * FROM hot WHERE until <= ? ORDER BY key, step, token LIMIT ?');
    this.#add = db.prepare(
      `INSERT INTO hot VALUES (?, ?, ?, ?)
       ON CONFLICT (key, step, token) DO UPDATE SET until = max(until, excluded.until)`,
    );
    const payable = 'FROM hot WHERE key = ? AND step = ? AND token = ? AND until <= ?';
    this.#isPayable = db.prepare<[string, string, number, number], number>(`SELECT 1 ${payable}`).pluck();
    this.#pay = db.prepare(`DELETE ${payable}`);
    this.#idleAndOver = db.prepare(
      `SELECT hot.* FROM hot JOIN catalog ON catalog.key = hot.key AND catalog.token = hot.token
       WHERE hot.until <= ?`,
    );
    this.#restartWaits = db.prepare('UPDATE hot SET until = ?');
  }

  byKey(key: string, o: Omit<HotQuery, 'key'> = {}): HotEntry[] {
    return this.#byKey.all(key, o.dueBy ?? NEVER, o.limit ?? UNBOUNDED);
  }

  all(o: Omit<HotQuery, 'key'> = {}): HotEntry[] {
    return this.#all.all(o.dueBy ?? NEVER, o.limit ?? UNBOUNDED);
  }

  /** One that is there already keeps the later `until`. */
  add(entries: readonly HotEntry[]): void {
    for (const { key, step, token, until } of entries) this.#add.run(key, step, token, until);
  }

  isPayable(entry: HotEntry): boolean {
    return this.#isPayable.get(entry.key, entry.step, entry.token, entry.until) !== undefined;
  }

  /** Removes the entry if its `until` is not later than the given one. */
  pay(entry: HotEntry): void {
    this.#pay.run(entry.key, entry.step, entry.token, entry.until);
  }

  /** Entries whose token is the catalog's and whose wait was over at this monotonic ms. */
  idleAndOver(monotonicMs: number): HotEntry[] {
    return this.#idleAndOver.all(monotonicMs);
  }

  /** After a reboot: the old instants mean nothing, every wait starts anew. */
  restartWaits(until: number): void {
    this.#restartWaits.run(until);
  }
}

/** Later than any `until`. */
const NEVER = Number.MAX_VALUE;
/** SQLite's "no limit". */
const UNBOUNDED = -1;
