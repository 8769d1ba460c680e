import type { LockKey, LockMode } from '../../../driver/index.js';
import { fromBytes, idBytes } from '../../../ids.js';
import type { Lease } from '../../embedded/rows.js';
import type { LeaseTable } from '../../embedded/tables.js';
import type { Database, Statement } from '../library.js';
import { lockBlob } from './blob.js';

interface Row {
  readonly token: string;
  readonly mode: LockMode;
  readonly member: Buffer;
  readonly fence: number;
  readonly expires_at: number;
  readonly asked: 0 | 1;
}

type Of = [namespace: number, lock: Buffer];
type One = [...Of, token: string];

export class SqliteLeases implements LeaseTable {
  readonly #namespace: number;
  readonly #of: Statement<Of, Row>;
  readonly #put: Statement<
    [...One, mode: string, member: Buffer, fence: number, until: number, asked: 0 | 1]
  >;
  readonly #renew: Statement<[until: number, ...One, now: number], 0 | 1>;
  readonly #remove: Statement<One>;
  readonly #sweep: Statement<[namespace: number, now: number]>;

  constructor(db: Database, namespace: number) {
    this.#namespace = namespace;
    this.#of = db.prepare(
      'SELECT token, mode, member, fence, expires_at, asked FROM lease WHERE namespace = ? AND lock = ?',
    );
    this.#put = db.prepare('INSERT OR REPLACE INTO lease VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    this.#renew = db
      .prepare<[number, ...One, number], 0 | 1>(
        `UPDATE lease SET expires_at = ? WHERE namespace = ? AND lock = ? AND token = ? AND expires_at > ?
         RETURNING asked`,
      )
      .pluck();
    this.#remove = db.prepare('DELETE FROM lease WHERE namespace = ? AND lock = ? AND token = ?');
    this.#sweep = db.prepare('DELETE FROM lease WHERE namespace = ? AND expires_at <= ?');
  }

  of(lock: LockKey): Lease[] {
    return this.#of.all(this.#namespace, lockBlob(lock)).map((row) => ({
      token: row.token,
      mode: row.mode,
      member: fromBytes(row.member),
      fence: row.fence,
      expiresAt: row.expires_at,
      asked: row.asked === 1,
    }));
  }

  put(lock: LockKey, { token, mode, member, fence, expiresAt, asked }: Lease): void {
    const name = lockBlob(lock);
    this.#put.run(this.#namespace, name, token, mode, idBytes(member), fence, expiresAt, asked ? 1 : 0);
  }

  renew(lock: LockKey, token: string, o: { now: number; until: number }): { asked: boolean } | undefined {
    const asked = this.#renew.get(o.until, this.#namespace, lockBlob(lock), token, o.now);
    return asked === undefined ? undefined : { asked: asked === 1 };
  }

  remove(lock: LockKey, token: string): void {
    this.#remove.run(this.#namespace, lockBlob(lock), token);
  }

  sweep(now: number): void {
    this.#sweep.run(this.#namespace, now);
  }
}
