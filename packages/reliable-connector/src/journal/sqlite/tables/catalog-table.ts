import type { CatalogEntry } from '../../records.js';
import type { Database, Statement } from '../driver.js';

const DEFAULT_LIMIT = 1_000;

/** Key → committed version. */
export class CatalogTable {
  readonly #get: Statement<[string], CatalogEntry>;
  readonly #first: Statement<[number], CatalogEntry>;
  readonly #after: Statement<[string, number], CatalogEntry>;
  readonly #set: Statement<[string, number, number]>;
  readonly #delete: Statement<[string, number]>;

  constructor(db: Database) {
    const columns = 'SELECT key, token, created_at AS createdAt FROM catalog';
    this.#get = db.prepare(`${columns} WHERE key = ?`);
    this.#first = db.prepare(`${columns} ORDER BY key LIMIT ?`);
    this.#after = db.prepare(`${columns} WHERE key > ? ORDER BY key LIMIT ?`);
    this.#set = db.prepare(
      'INSERT INTO catalog VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET token = excluded.token',
    );
    this.#delete = db.prepare('DELETE FROM catalog WHERE key = ? AND token = ?');
  }

  get(key: string): CatalogEntry | null {
    return this.#get.get(key) ?? null;
  }

  /** Ascending by the UTF-8 bytes of the key, from the first one or from behind `after`. */
  list(after: string | undefined, limit: number = DEFAULT_LIMIT): CatalogEntry[] {
    return after === undefined ? this.#first.all(limit) : this.#after.all(after, limit);
  }

  /** An entry that is there keeps its `createdAt`: a restore is no creation. */
  set(key: string, token: number, createdAt: number): void {
    this.#set.run(key, token, createdAt);
  }

  delete(key: string, token: number): void {
    this.#delete.run(key, token);
  }
}
