import { fromBytes, idBytes } from '../../../ids.js';
import type { Membership } from '../../embedded/rows.js';
import type { MemberTable, NewMembership } from '../../embedded/tables.js';
import type { Database, Statement } from '../library.js';

interface Row {
  readonly id: Buffer;
  readonly client: string;
  readonly incarnation: number;
  readonly capabilities: Buffer | null;
  readonly beat_until: number | null;
}

type Of = [namespace: number, group: Buffer];
type One = [...Of, member: Buffer];
type ByClient = [namespace: number, client: string];

const read = (capabilities: string, and = ''): string => `
  SELECT id, member.client, incarnation, ${capabilities} AS capabilities, beat_until FROM member
  LEFT JOIN beat ON beat.namespace = member.namespace AND beat.client = member.client
  WHERE member.namespace = ? AND group_id = ? ${and}`;

const isJoined = 'EXISTS (SELECT 1 FROM member WHERE namespace = :namespace AND client = :client)';

/** Members of groups, and the beats that keep them. */
export class SqliteMembers implements MemberTable {
  readonly #namespace: number;
  readonly #get: Statement<One, Row>;
  readonly #of: Statement<Of, Row>;
  readonly #ofWhole: Statement<Of, Row>;
  readonly #put: Statement<[...One, client: string, incarnation: number, capabilities: Uint8Array]>;
  readonly #update: Statement<[Uint8Array, ...One]>;
  readonly #remove: Statement<One>;
  readonly #beat: Statement<[{ namespace: number; client: string; until: number }]>;
  readonly #dropBeat: Statement<ByClient>;
  readonly #dropIdleBeat: Statement<[{ namespace: number; client: string }]>;

  constructor(db: Database, namespace: number) {
    this.#namespace = namespace;
    this.#get = db.prepare(read('capabilities', 'AND id = ?'));
    this.#of = db.prepare(read('NULL'));
    this.#ofWhole = db.prepare(read('capabilities'));
    this.#put = db.prepare('INSERT OR REPLACE INTO member VALUES (?, ?, ?, ?, ?, ?)');
    this.#update = db.prepare(
      'UPDATE member SET capabilities = ? WHERE namespace = ? AND group_id = ? AND id = ?',
    );
    this.#remove = db.prepare('DELETE FROM member WHERE namespace = ? AND group_id = ? AND id = ?');
    this.#beat = db.prepare(
      `INSERT OR REPLACE INTO beat SELECT :namespace, :client, :until WHERE ${isJoined}`,
    );
    this.#dropBeat = db.prepare('DELETE FROM beat WHERE namespace = ? AND client = ?');
    this.#dropIdleBeat = db.prepare(
      `DELETE FROM beat WHERE namespace = :namespace AND client = :client AND NOT ${isJoined}`,
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

  put(group: string, member: string, entry: NewMembership): void {
    const { client, incarnation, capabilities } = entry;
    this.#put.run(this.#namespace, idBytes(group), idBytes(member), client, incarnation, capabilities);
  }

  update(group: string, member: string, capabilities: Uint8Array): void {
    this.#update.run(capabilities, this.#namespace, idBytes(group), idBytes(member));
  }

  remove(group: string, member: string): void {
    this.#remove.run(this.#namespace, idBytes(group), idBytes(member));
  }

  beat(client: string, until: number): void {
    this.#beat.run({ namespace: this.#namespace, client, until });
  }

  dropBeat(client: string): void {
    this.#dropBeat.run(this.#namespace, client);
  }

  dropIdleBeat(client: string): void {
    this.#dropIdleBeat.run({ namespace: this.#namespace, client });
  }
}

const fromRow = (row: Row): Membership => ({
  id: fromBytes(row.id),
  client: row.client,
  incarnation: row.incarnation,
  capabilities: row.capabilities,
  beatUntil: row.beat_until ?? -Infinity,
});
