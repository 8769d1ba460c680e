import type { Database, Statement } from '../driver.js';

/** What is deleted for its age; instants are wall ms. */
export interface RetentionCut {
  readonly endedBefore: number;
  readonly idempotencyBefore: number;
  readonly limit: number;
}

const PRUNABLE = `SELECT id FROM saga INDEXED BY saga_ended
  WHERE ended_at IS NOT NULL AND ended_at <= ? AND (idempotency_key IS NULL OR ended_at <= ?)
    AND NOT EXISTS (SELECT 1 FROM hot WHERE hot.key = saga.key)
  ORDER BY ended_at LIMIT ?`;
const FORGETTABLE = `SELECT id FROM saga INDEXED BY saga_forget
  WHERE ended_at IS NOT NULL AND idempotency_key IS NOT NULL AND ended_at <= ? ORDER BY ended_at LIMIT ?`;

/** Deletes ended sagas and idempotency keys for their age (4.3, S9). A saga whose key is hot stays. */
export class Retention {
  readonly #anything: Statement<[number, number, number], number>;
  readonly #prune: Statement<[number, number, number]>;
  readonly #forget: Statement<[number, number]>;

  constructor(db: Database) {
    const forgettable = FORGETTABLE.replace('LIMIT ?', 'LIMIT 1');
    const prunable = PRUNABLE.replace('LIMIT ?', 'LIMIT 1');
    this.#anything = db
      .prepare<[number, number, number], number>(`SELECT EXISTS (${forgettable}) OR EXISTS (${prunable})`)
      .pluck();
    this.#prune = db.prepare(`DELETE FROM saga WHERE id IN (${PRUNABLE})`);
    this.#forget = db.prepare(
      `UPDATE saga SET idempotency_key = NULL, args_hash = NULL WHERE id IN (${FORGETTABLE})`,
    );
  }

  /** Whether there is anything to do: a look that writes nothing. */
  isDue(cut: RetentionCut): boolean {
    return this.#anything.get(cut.idempotencyBefore, cut.endedBefore, cut.idempotencyBefore) === 1;
  }

  /** Returns how many sagas went. */
  apply(cut: RetentionCut): number {
    const { changes } = this.#prune.run(cut.endedBefore, cut.idempotencyBefore, cut.limit);
    this.#forget.run(cut.idempotencyBefore, cut.limit);
    return changes;
  }
}
