import { fromBytes, idBytes } from '../../../ids.js';
import type { GroupTable } from '../../embedded/tables.js';
import type { Database, Statement } from '../library.js';

type Key = [namespace: number, group: Buffer];

export class SqliteGroups implements GroupTable {
  readonly #namespace: number;
  readonly #has: Statement<Key, number>;
  readonly #add: Statement<Key>;
  readonly #remove: Statement<Key>;
  readonly #all: Statement<[number], Buffer>;

  constructor(db: Database, namespace: number) {
    this.#namespace = namespace;
    this.#has = db.prepare<Key, number>('SELECT 1 FROM "group" WHERE namespace = ? AND id = ?').pluck();
    this.#add = db.prepare('INSERT INTO "group" VALUES (?, ?)');
    this.#remove = db.prepare('DELETE FROM "group" WHERE namespace = ? AND id = ?');
    this.#all = db.prepare<[number], Buffer>('SELECT id FROM "group" WHERE namespace = ?').pluck();
  }

  has(group: string): boolean {
    return this.#has.get(this.#namespace, idBytes(group)) !== undefined;
  }

  add(group: string): void {
    this.#add.run(this.#namespace, idBytes(group));
  }

  remove(group: string): void {
    this.#remove.run(this.#namespace, idBytes(group));
  }

  all(): string[] {
    return this.#all.all(this.#namespace).map(fromBytes);
  }
}
