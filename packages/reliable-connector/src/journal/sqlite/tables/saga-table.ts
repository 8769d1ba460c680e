import type { SagaQuery } from '../../journal.js';
import type { SagaRecord } from '../../records.js';
import type { Database, Statement } from '../driver.js';
import {
  byStepText,
  jsonText,
  listText,
  parkedText,
  resultsText,
  type SagaRow,
  sagaFromRow,
  timelineText,
} from '../rows.js';

const DEFAULT_LIMIT = 1_000;

/** Who a write believes to own the saga, and at which epoch. */
export interface Hold {
  readonly owner: number | null;
  readonly epoch: number;
}

/** The table of sagas; an unfinished saga is its key's lock row (`saga_open`). */
export class SagaTable {
  readonly #db: Database;
  readonly #insert: Statement<unknown[]>;
  readonly #update: Statement<unknown[]>;
  readonly #end: Statement<unknown[]>;
  readonly #byId: Statement<[number], SagaRow>;
  readonly #holder: Statement<[string], SagaRow>;
  readonly #byIdempotencyKey: Statement<[string], SagaRow>;
  readonly #owns: Statement<[number, number, number], number>;
  readonly #release: Statement<[number]>;
  readonly #busyOwners: Statement<[], number>;
  readonly #queries = new Map<string, Statement<unknown[], SagaRow>>();

  constructor(db: Database) {
    this.#db = db;
    this.#insert = db.prepare(
      `INSERT INTO saga (id, definition, key, phase, owner, epoch, token, prior, created_at, idempotency_key, args_hash,
         steps, input, memo, timeline)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (key) WHERE ended_at IS NULL DO NOTHING`,
    );
    this.#update = db.prepare(
      `UPDATE saga SET phase = ?, owner = ?, epoch = ?, token = ?, prior = ?, direction = ?, reason = ?, memo = ?,
         burnt = ?, parked = ?, results = ?, probes = ?, resolved = ?, timeline = ?
       WHERE id = ? AND owner IS ? AND epoch = ? AND ended_at IS NULL`,
    );
    this.#end = db.prepare(
      `UPDATE saga SET phase = 'ended', owner = NULL, parked = NULL, ended_at = ?, idempotency_key = ?, args_hash = ?,
         results = ?, timeline = ?, outcome = ?
       WHERE id = ? AND owner IS ? AND epoch = ? AND ended_at IS NULL`,
    );
    this.#byId = db.prepare('SELECT * FROM saga WHERE id = ?');
    this.#holder = db.prepare('SELECT * FROM saga WHERE key = ? AND ended_at IS NULL');
    this.#byIdempotencyKey = db.prepare('SELECT * FROM saga WHERE idempotency_key = ?');
    this.#owns = db
      .prepare<[number, number, number], number>(
        'SELECT 1 FROM saga WHERE id = ? AND owner = ? AND epoch = ? AND ended_at IS NULL',
      )
      .pluck();
    this.#release = db.prepare(
      'UPDATE saga INDEXED BY saga_open SET owner = NULL WHERE owner = ? AND ended_at IS NULL',
    );
    this.#busyOwners = db
      .prepare<[], number>(
        'SELECT DISTINCT owner FROM saga INDEXED BY saga_open WHERE ended_at IS NULL AND owner IS NOT NULL',
      )
      .pluck();
  }

  /** False: another unfinished saga holds the key; nothing was written. */
  insert(saga: SagaRecord): boolean {
    const { changes } = this.#insert.run(
      saga.id,
      saga.definition,
      saga.key,
      saga.phase,
      saga.owner,
      saga.epoch,
      saga.token,
      saga.prior,
      saga.createdAt,
      saga.idempotencyKey,
      saga.argsHash,
      JSON.stringify(saga.steps),
      jsonText(saga.input),
      jsonText(saga.memo),
      timelineText(saga.timeline),
    );
    return changes === 1;
  }

  /** Writes the saga's next state. False: it has another owner or epoch by now, or has ended; nothing was written. */
  update(saga: SagaRecord, hold: Hold): boolean {
    return saga.phase === 'ended' ? this.#writeEnd(saga, hold) : this.#writeOpen(saga, hold);
  }

  byId(id: number): SagaRecord | null {
    return record(this.#byId.get(id));
  }

  /** The unfinished saga that holds the key. */
  holder(key: string): SagaRecord | null {
    return record(this.#holder.get(key));
  }

  byIdempotencyKey(key: string): SagaRecord | null {
    return record(this.#byIdempotencyKey.get(key));
  }

  owns(id: number, owner: number, epoch: number): boolean {
    return this.#owns.get(id, owner, epoch) !== undefined;
  }

  /** Gives all unfinished sagas of the owner free. */
  release(owner: number): void {
    this.#release.run(owner);
  }

  /** Owners that have an unfinished saga. */
  busyOwners(): ReadonlySet<number> {
    return new Set(this.#busyOwners.all());
  }

  query(query: SagaQuery): SagaRecord[] {
    const { sql, values } = queryText(query);
    let statement = this.#queries.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare<unknown[], SagaRow>(sql);
      this.#queries.set(sql, statement);
    }
    return statement.all(...values).map(sagaFromRow);
  }

  #writeOpen(saga: SagaRecord, hold: Hold): boolean {
    const { changes } = this.#update.run(
      saga.phase,
      saga.owner,
      saga.epoch,
      saga.token,
      saga.prior,
      saga.direction,
      saga.reason,
      jsonText(saga.memo),
      listText(saga.burnt),
      parkedText(saga.parked),
      resultsText(saga.results),
      byStepText(saga.probes),
      byStepText(saga.resolved),
      timelineText(saga.timeline),
      saga.id,
      hold.owner,
      hold.epoch,
    );
    return changes === 1;
  }

  #writeEnd(saga: SagaRecord, hold: Hold): boolean {
    const { changes } = this.#end.run(
      saga.endedAt,
      saga.idempotencyKey,
      saga.argsHash,
      resultsText(saga.results),
      timelineText(saga.timeline),
      jsonText(saga.outcome),
      saga.id,
      hold.owner,
      hold.epoch,
    );
    return changes === 1;
  }
}

function record(row: SagaRow | undefined): SagaRecord | null {
  return row === undefined ? null : sagaFromRow(row);
}

/** Unfinished sagas are found through `saga_open`, however many ended ones are kept. */
function queryText(query: SagaQuery): { readonly sql: string; readonly values: readonly unknown[] } {
  const { phases } = query;
  const onlyOpen = phases === undefined || !phases.includes('ended');
  const where = [onlyOpen ? 'ended_at IS NULL' : 'TRUE', 'id > ?'];
  const values: unknown[] = [query.after ?? 0];
  if (phases !== undefined) {
    where.push(`phase IN (${phases.map(() => '?').join(', ')})`);
    values.push(...phases);
  }
  if (query.key !== undefined) {
    where.push('key = ?');
    values.push(query.key);
  }
  if (query.parked !== undefined) where.push(query.parked ? 'parked IS NOT NULL' : 'parked IS NULL');
  values.push(query.limit ?? DEFAULT_LIMIT);
  const sql = `SELECT * FROM saga ${onlyOpen ? 'INDEXED BY saga_open' : ''} WHERE ${where.join(' AND ')}
    ORDER BY id ${query.newest ? 'DESC' : 'ASC'} LIMIT ?`;
  return { sql, values };
}
