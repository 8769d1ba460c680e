import { type Connection, connect, StrategyClientError } from '@holdfast/strategy-client';
import { type Random, seededRandom, shuffled } from '../../seeded-random.js';
import { between } from '../plan/between.js';
import type { Recorder } from '../recorder.js';

/** Ids that come and go. */
const SPACE = 400;
/** Ids of one change. */
const BATCH: readonly [number, number] = [3, 15];
/** Ms between two changes. */
const PAUSE_MS: readonly [number, number] = [100, 250];
const TABLE = 'hive.ops.desired_groups';

/** Changes what is wanted, again and again, and notes what became of each change. */
export class Wanted {
  readonly #connection: Connection;
  readonly #recorder: Recorder;
  readonly #random: Random;
  readonly #calm = new AbortController();
  #changes: Promise<void> = Promise.resolve();
  #count = 0;

  constructor(o: { readonly engine: string; readonly seed: number; readonly recorder: Recorder }) {
    const { hostname, port } = new URL(`http://${o.engine}`);
    this.#connection = connect({
      ...{ host: hostname, port: Number(port), username: 'holdfast', password: 'holdfast' },
      int64: 'string',
    });
    this.#random = seededRandom(o.seed);
    this.#recorder = o.recorder;
  }

  start(): void {
    this.#changes = this.#change();
  }

  /** Begins no more changes; resolves when the last one has ended. */
  async calm(): Promise<void> {
    this.#calm.abort();
    await this.#changes;
  }

  /** What is wanted, as the engine says. */
  async read(signal: AbortSignal): Promise<readonly string[]> {
    const sql = `SELECT group_id FROM ${TABLE}`;
    const result = await this.#connection.query(sql, undefined, { idempotent: true, signal });
    const rows = await result.fetchAll();
    return rows.map(([id]) => String(id));
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #change(): Promise<void> {
    while (!this.#calm.signal.aborted) {
      await this.#one();
      await new Promise((resolve) => setTimeout(resolve, between(this.#random, ...PAUSE_MS)));
    }
  }

  async #one(): Promise<void> {
    const change = this.#random() < 0.5 ? 'want' : 'unwant';
    const ids = this.#choose();
    const tag = `w-${++this.#count}`;
    const sql =
      change === 'want'
        ? `INSERT /* ${tag} */ OR IGNORE INTO ${TABLE} (group_id) VALUES ${ids.map(() => '(?)').join(', ')}`
        : `DELETE /* ${tag} */ FROM ${TABLE} WHERE group_id IN (${ids.map(() => '?').join(', ')})`;
    const began = performance.now();
    const note = (outcome: 'done' | 'unknown' | 'failed', error?: string): void => {
      const tookMs = Math.round(performance.now() - began);
      const at = this.#recorder.now();
      this.#recorder.add({
        type: 'wanted',
        at,
        change,
        ids,
        outcome,
        tookMs,
        ...(error !== undefined && { error }),
      });
    };
    try {
      const result = await this.#connection.query(sql, ids);
      await result.fetchAll();
      note('done');
    } catch (error) {
      // A deployment that is gone took the answer along, not the change.
      const isUnknown =
        error instanceof StrategyClientError && ['LOST_AFTER_SEND', 'DEPLOYMENT_GONE'].includes(error.code);
      note(isUnknown ? 'unknown' : 'failed', String(error));
    }
  }

  #choose(): readonly string[] {
    const all = Array.from({ length: SPACE }, (_, n) => `g-${n}`);
    return shuffled(all, this.#random).slice(0, between(this.#random, ...BATCH));
  }
}
