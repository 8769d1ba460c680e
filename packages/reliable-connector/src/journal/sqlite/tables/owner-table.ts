import type { OwnerRecord } from '../../records.js';
import type { Database, Statement } from '../driver.js';
import { type OwnerRow, ownerFromRow } from '../rows.js';

/** One row per open connector (4.6); released ones leave none. */
export class OwnerTable {
  readonly #get: Statement<[number], OwnerRow>;
  readonly #all: Statement<[], OwnerRow>;
  readonly #insert: Statement<[number, string, number, string, bigint | null, number]>;
  readonly #delete: Statement<[number]>;

  constructor(db: Database) {
    this.#get = db.prepare<[number], OwnerRow>('SELECT * FROM owner WHERE id = ?').safeIntegers();
    this.#all = db.prepare<[], OwnerRow>('SELECT * FROM owner ORDER BY id').safeIntegers();
    this.#insert = db.prepare('INSERT INTO owner VALUES (?, ?, ?, ?, ?, ?)');
    this.#delete = db.prepare('DELETE FROM owner WHERE id = ?');
  }

  get(id: number): OwnerRecord | null {
    const row = this.#get.get(id);
    return row === undefined ? null : ownerFromRow(row);
  }

  all(): OwnerRecord[] {
    return this.#all.all().map(ownerFromRow);
  }

  insert(owner: OwnerRecord): void {
    this.#insert.run(owner.id, owner.uuid, owner.pid, owner.host, owner.term, owner.openedAt);
  }

  delete(id: number): void {
    this.#delete.run(id);
  }
}
