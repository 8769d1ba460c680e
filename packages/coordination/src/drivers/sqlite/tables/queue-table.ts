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
const BY_TOKEN = 'WHERE token = ? AND namespace = ? AND lock = ?';
const IS_OVER = '(alive_until <= :now OR ifnull(claim_until <= :now, 0))';

export class SqliteQueues implements QueueTable {
  readonly #namespace: number;
  readonly #front: Statement<Of, Row>;
  readonly #all: Statement<Of, Row>;
  readonly #add: Statement<[NewRow]>;
  readonly #keep: Statement<[{ until: number; token: string; namespace: number; lock: Buffer; now: number }]>;
  readonly #claim: Statement<[number, string, ...Of]>;
  readonly #remove: Statement<[string, ...Of]>;
  readonly #sweep: Statement<[{ namespace: number; now: number }]>;

  constructor(db: Database, namespace: number) {
    this.#namespace = namespace;
    this.#front = db.prepare(`${SELECT} LIMIT 2`);
    this.#all = db.prepare(SELECT);
    this.#add = db.prepare(
      `INSERT INTO waiter VALUES (:namespace, :lock,
         (SELECT ifnull(max(place), 0) + 1 FROM waiter WHERE namespace = :namespace AND lock = :lock),
         :token, :mode, :member, :aliveUntil, :claimUntil, :claimTimeoutMs)`,
    );
    this.#keep = db.prepare(
      `UPDATE waiter SET alive_until = :until
       WHERE token = :token AND namespace = :namespace AND lock = :lock AND NOT ${IS_OVER}`,
    );
    this.#claim = db.prepare(`UPDATE waiter SET claim_until = ? ${BY_TOKEN}`);
    this.#remove = db.prepare(`DELETE FROM waiter ${BY_TOKEN}`);
    this.#sweep = db.prepare(`DELETE FROM waiter WHERE namespace = :namespace AND ${IS_OVER}`);
  }

  front(lock: LockKey): Waiter[] {
    return this.#front.all(this.#namespace, lockBlob(lock)).map(fromRow);
  }

  all(lock: LockKey): Waiter[] {
    return this.#all.all(this.#namespace, lockBlob(lock)).map(fromRow);
  }

  add(lock: LockKey, waiter: Waiter): void {
    const member = idBytes(waiter.member);
    this.#add.run({ ...waiter, member, namespace: this.#namespace, lock: lockBlob(lock) });
  }

  keep(lock: LockKey, token: string, o: { now: number; until: number }): boolean {
    const { changes } = this.#keep.run({ ...o, token, namespace: this.#namespace, lock: lockBlob(lock) });
    return changes > 0;
  }

  claim(lock: LockKey, token: string, until: number): void {
    this.#claim.run(until, token, this.#namespace, lockBlob(lock));
  }

  remove(lock: LockKey, token: string): void {
    this.#remove.run(token, this.#namespace, lockBlob(lock));
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
