import { fromBytes, idBytes } from '../../ids.js';
import type { Notice } from '../embedded/notices.js';
import type { Database, Statement } from './library.js';

/** Notices that stay in the file. Who has not read for longer than it takes to write as many hears `reset` instead. */
const KEPT = 1_000;
/** So many are written between two removals of old ones. */
const TRIM_EVERY = 100;

interface Row {
  readonly seq: number;
  readonly origin: string;
  readonly namespace: number;
  readonly type: 'group' | 'turn' | 'holder';
  readonly subject: Buffer;
  readonly at: number | null;
}

interface LogOptions {
  readonly namespace: number;
  /** Names this process: its own connections have heard its notices already. */
  readonly origin: string;
}

/**
 * The log of notices in the file. A step appends what it has to tell in its own transaction; other processes read what
 * is new since they last did, instead of looking after each lock and group that they have to do with.
 */
export class NoticeLog {
  readonly #o: LogOptions;
  readonly #append: Statement<[string, number, string, Buffer, number | null]>;
  readonly #trim: Statement<[number]>;
  readonly #last: Statement<[], number | null>;
  readonly #since: Statement<[number], Row>;
  /** The last notice that was read, or needs no reading. */
  #position = 0;

  constructor(db: Database, o: LogOptions) {
    this.#o = o;
    this.#append = db.prepare(
      'INSERT INTO notice (origin, namespace, type, subject, at) VALUES (?, ?, ?, ?, ?)',
    );
    this.#trim = db.prepare('DELETE FROM notice WHERE seq <= ?');
    this.#last = db.prepare<[], number | null>('SELECT max(seq) FROM notice').pluck();
    this.#since = db.prepare('SELECT * FROM notice WHERE seq > ? ORDER BY seq');
  }

  append(notices: readonly Notice[]): void {
    const { origin, namespace } = this.#o;
    for (const notice of notices) {
      if (notice.type === 'reset') continue;
      const subject = notice.type === 'group' ? idBytes(notice.group) : Buffer.from(notice.token);
      const at = notice.type === 'turn' ? notice.at : null;
      const { lastInsertRowid } = this.#append.run(origin, namespace, notice.type, subject, at);
      const seq = Number(lastInsertRowid);
      if (seq % TRIM_EVERY === 0) this.#trim.run(seq - KEPT);
    }
  }

  /** What is written from now on is new. */
  skipToEnd(): void {
    this.#position = this.#last.get() ?? 0;
  }

  /** What other processes have written since the last reading. */
  readNew(): Notice[] {
    const rows = this.#since.all(this.#position);
    const [first] = rows;
    const last = rows.at(-1);
    if (first === undefined || last === undefined) return [];
    const lost = first.seq > this.#position + 1;
    this.#position = last.seq;
    if (lost) return [{ type: 'reset' }];
    return rows.filter((row) => this.#isNews(row)).map(fromRow);
  }

  #isNews({ origin, namespace }: Row): boolean {
    return origin !== this.#o.origin && namespace === this.#o.namespace;
  }
}

function fromRow({ type, subject, at }: Row): Notice {
  if (type === 'group') return { type, group: fromBytes(subject) };
  const token = subject.toString();
  return type === 'turn' ? { type, token, at: at ?? 0 } : { type, token };
}
