import { fromBytes, idBytes } from '../../../ids.js';
import type { Membership } from '../../embedded/rows.js';
import type { MemberTable } from '../../embedded/tables.js';
import type { Database, Statement } from '../library.js';

interface Row {
  readonly id: Buffer;
  readonly incarnation: number;
  readonly capabilities: Buffer | null;
  readonly beat_until: number | null;
}

type Of = [namespace: number, group: Buffer];
type One = [...Of, member: Buffer];
type Member = [namespace: number, member: Buffer];

const read = (capabilities: string, and = ''): string => `
  SELECT member.id, incarnation, ${capabilities} AS capabilities, beat_until FROM member
  LEFT JOIN beat ON beat.namespace = member.namespace AND beat.member = member.id
  WHERE member.namespace = ? AND group_id = ? ${and}`;

const isJoined = 'EXISTS (SELECT 1 FROM member WHERE namespace = :namespace AND id = :member)';

/** Members of groups, and the beats that keep them. */
export class SqliteMembers implements MemberTable {
  readonly #namespace: number;
  readonly #get: Statement<One, Row>;
  readonly #of: Statement<Of, Row>;
  readonly #ofWhole: Statement<Of, Row>;
  readonly #put: Statement<[...One, number, Uint8Array]>;
  readonly #update: Statement<[Uint8Array, ...One]>;
  readonly #remove: Statement<One>;
  readonly #beat: Statement<[{ namespace: number; member: Buffer; until: number }]>;
  readonly #dropBeat: Statement<Member>;
  readonly #dropIdleBeat: Statement<[{ namespace: number; member: Buffer }]>;

  constructor(db: Database, namespace: number) {
    this.#namespace = namespace;
    this.#get = db.prepare(read('capabilities', 'AND member.id = ?'));
    this.#of = db.prepare(read('NULL'));
    this.#ofWhole = db.prepare(read('capabilities'));
    this.#put = db.prepare('INSERT OR REPLACE INTO member VALUES (?, ?, ?, ?, ?)');
    this.#update = db.prepare(
      'UPDATE member SET capabilities = ? WHERE namespace = ? AND group_id = ? AND id = ?',
    );
    this.#remove = db.prepare('DELETE FROM member WHERE namespace = ? AND group_id = ? AND id = ?');
    this.#beat = db.prepare(
      `INSERT OR REPLACE INTO beat SELECT :namespace, :member, :until WHERE ${isJoined}`,
    );
    this.#dropBeat = db.prepare('DELETE FROM beat WHERE namespace = ? AND member = ?');
    this.#dropIdleBeat = db.prepare(
      `DELETE FROM beat WHERE namespace = :namespace AND member = :member AND NOT ${isJoined}`,
    );
  }

  get(group: string, member: string): Membership | undefined {
    const row = this.#get.get(this.#namespace, idBytes(group), idBytes(member));
    return row && fromRow(row);
  }

  of(group: string, withCapabilities: boolean): Membership[] {
    const statement = withCapabilities ? this.#ofWhole : this.#of;
    return statement.all(this.#namespace, idBytes(group)).map(fromRow);
  }

  put(group: string, member: string, entry: { incarnation: number; capabilities: Uint8Array }): void {
    const { incarnation, capabilities } = entry;
    this.#put.run(this.#namespace, idBytes(group), idBytes(member), incarnation, capabilities);
  }

  update(group: string, member: string, capabilities: Uint8Array): boolean {
    const { changes } = this.#update.run(capabilities, this.#namespace, idBytes(group), idBytes(member));
    return changes > 0;
  }

  remove(group: string, member: string): boolean {
    return this.#remove.run(this.#namespace, idBytes(group), idBytes(member)).changes > 0;
  }

  beat(member: string, until: number): void {
    this.#beat.run({ namespace: this.#namespace, member: idBytes(member), until });
  }

  dropBeat(member: string): void {
    this.#dropBeat.run(this.#namespace, idBytes(member));
  }

  dropIdleBeat(member: string): void {
    this.#dropIdleBeat.run({ namespace: this.#namespace, member: idBytes(member) });
  }
}

const fromRow = (row: Row): Membership => ({
  id: fromBytes(row.id),
  incarnation: row.incarnation,
  capabilities: row.capabilities,
  beatUntil: row.beat_until ?? -Infinity,
});
