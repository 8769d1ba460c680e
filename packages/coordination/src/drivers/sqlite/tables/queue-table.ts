import type { LockKey, LockMode } from '../../../driver/index.js';
import { fromBytes, idBytes } from '../../../ids.js';
import type { Waiter } from '../../embedded/rows.js';
import type { QueueTable } from '../../embedded/tables.js';
import type { Database, Statement } from '../library.js';
import { lockBlob } from './blob.js';

interface Row {
  readonly token: string;
  readonly mode: LockMode;
  readonly member: Buffer;
  readonly alive_until: number;
  readonly claim_until: number | null;
  readonly claim_timeout_ms: number;
}

type Of = [namespace: number, lock: Buffer];
interface NewRow {
  readonly namespace: number;
  readonly lock: Buffer;
  readonly token: string;
  readonly mode: LockMode;
  readonly member: Buffer;
  readonly aliveUntil: number;
  readonly claimUntil: number | null;
  readonly claimTimeoutMs: number;
}

const SELECT = `
  SELECT token, mode, member, alive_until, claim_until, claim_timeout_ms FROM waiter
  WHERE namespace = ? AND lock = ? ORDER BY place`;
/** Tokens are unique, so a token alone finds its row. */
const BY_TOKEN = 'FROM waiter WHERE token = ? AND namespace = ? AND lock = ?';
const IS_OVER = '(alive_until <= :now OR claim_until <= :now)';

export class SqliteQueues implements QueueTable {
  readonly #namespace: number;
  readonly #front: Statement<Of, Row>;
  readonly #all: Statement<Of, Row>;
  readonly #has: Statement<[string, ...Of], number>;
  readonly #add: Statement<[NewRow]>;
  readonly #keep: Statement<[number, string, ...Of]>;
  readonly #claim: Statement<[number, string, ...Of]>;
  readonly #remove: Statement<[string, ...Of]>;
  readonly #purge: Statement<[{ namespace: number; lock: Buffer; now: number }]>;
  readonly #sweep: Statement<[{ namespace: number; now: number }]>;

  constructor(db: Database, namespace: number) {
    this.#namespace = namespace;
    this.#front = db.prepare(`${SELECT} LIMIT 2`);
    this.#all = db.prepare(SELECT);
    this.#has = db.prepare<[string, ...Of], number>(`SELECT 1 ${BY_TOKEN}`).pluck();
    this.#add = db.prepare(
      `INSERT INTO waiter VALUES (:namespace, :lock,
         (SELECT ifnull(max(place), 0) + 1 FROM waiter WHERE namespace = :namespace AND lock = :lock),
         :token, :mode, :member, :aliveUntil, :claimUntil, :claimTimeoutMs)`,
    );
    const update = (column: string): string =>
      `UPDATE waiter SET ${column} = ? WHERE token = ? AND namespace = ? AND lock = ?`;
    this.#keep = db.prepare(update('alive_until'));
    this.#claim = db.prepare(update('claim_until'));
    this.#remove = db.prepare(`DELETE ${BY_TOKEN}`);
    this.#purge = db.prepare(
      `DELETE FROM waiter WHERE namespace = :namespace AND lock = :lock AND ${IS_OVER}`,
    );
    this.#sweep = db.prepare(`DELETE FROM waiter WHERE namespace = :namespace AND ${IS_OVER}`);
  }

  front(lock: LockKey): Waiter[] {
    return this.#front.all(this.#namespace, lockBlob(lock)).map(fromRow);
  }

  all(lock: LockKey): Waiter[] {
    return this.#all.all(this.#namespace, lockBlob(lock)).map(fromRow);
  }

  has(lock: LockKey, token: string): boolean {
    return this.#has.get(token, this.#namespace, lockBlob(lock)) !== undefined;
  }

  add(lock: LockKey, waiter: Waiter): void {
    const member = idBytes(waiter.member);
    this.#add.run({ ...waiter, member, namespace: this.#namespace, lock: lockBlob(lock) });
  }

  keep(lock: LockKey, token: string, aliveUntil: number): void {
    this.#keep.run(aliveUntil, token, this.#namespace, lockBlob(lock));
  }

  claim(lock: LockKey, token: string, until: number): void {
    this.#claim.run(until, token, this.#namespace, lockBlob(lock));
  }

  remove(lock: LockKey, token: string): void {
    this.#remove.run(token, this.#namespace, lockBlob(lock));
  }

  purge(lock: LockKey, now: number): void {
    this.#purge.run({ namespace: this.#namespace, lock: lockBlob(lock), now });
  }

  sweep(now: number): void {
    this.#sweep.run({ namespace: this.#namespace, now });
  }
}

const fromRow = (row: Row): Waiter => ({
  token: row.token,
  mode: row.mode,
  member: fromBytes(row.member),
  aliveUntil: row.alive_until,
  claimUntil: row.claim_until,
  claimTimeoutMs: row.claim_timeout_ms,
});
