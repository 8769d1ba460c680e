import type { NodeSet } from '../../binding.js';
import type { Database, Statement } from '../driver.js';

interface NodeRow {
  readonly name: string;
  readonly url: string;
}

/** The nodes that the journal is bound to (4.3). */
export class NodeTable {
  readonly #all: Statement<[], NodeRow>;
  readonly #clear: Statement<[]>;
  readonly #insert: Statement<[string, string]>;

  constructor(db: Database) {
    this.#all = db.prepare('SELECT name, url FROM node ORDER BY name');
    this.#clear = db.prepare('DELETE FROM node');
    this.#insert = db.prepare('INSERT INTO node VALUES (?, ?)');
  }

  /** null: not bound yet. */
  read(): NodeSet | null {
    const rows = this.#all.all();
    return rows.length === 0 ? null : Object.fromEntries(rows.map(({ name, url }) => [name, url]));
  }

  replace(nodes: NodeSet): void {
    this.#clear.run();
    for (const [name, url] of Object.entries(nodes)) this.#insert.run(name, url);
  }
}
