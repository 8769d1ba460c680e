import { wholeInRange } from '../in-range.js';
import type { Row } from '../wire/index.js';
import type { QueryRun } from './query-run.js';

const MOST_ROWS_AT_ONCE = 10_000_000;

/** Reads a query's rows in the sizes that callers want; calls take their turn. Holds one batch, beside the one that is fetched. */
export class RowReader {
  readonly #run: QueryRun;
  #rows: Row[] = [];
  #at = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(run: QueryRun) {
    this.#run = run;
  }

  /** The next row; null at the end. */
  async one(signal: AbortSignal | undefined): Promise<Row | null> {
    const [row] = await this.many(1, signal);
    return row ?? null;
  }

  /** Up to `count` rows; fewer only at the end. */
  async many(count: number, signal: AbortSignal | undefined): Promise<Row[]> {
    wholeInRange('count', count, 1, MOST_ROWS_AT_ONCE);
    return this.#inTurn(() => this.#gather(count, signal));
  }

  /** The rows that are left; those of a batch that a loop has left can still be read. `left` is waited for in any case. */
  async *each(signal?: AbortSignal, left?: () => Promise<void>): AsyncGenerator<Row, void, undefined> {
    let batch: Row[] = [];
    let taken = 0;
    try {
      for (batch = await this.#batch(signal); batch.length > 0; batch = await this.#batch(signal)) {
        taken = 0;
        for (const row of batch) {
          taken++;
          yield row;
        }
      }
    } finally {
      if (taken < batch.length) this.#giveBack(batch.slice(taken));
      await left?.();
    }
  }

  /** Whatever is left of the batch at hand, or the next one; none at the end. */
  #batch(signal: AbortSignal | undefined): Promise<Row[]> {
    return this.#inTurn(async () => {
      if (!(await this.#fill(signal))) return [];
      const rows = this.#at === 0 ? this.#rows : this.#rows.slice(this.#at);
      this.#rows = [];
      this.#at = 0;
      return rows;
    });
  }

  /** All rows that are left. */
  all(signal: AbortSignal | undefined): Promise<Row[]> {
    return this.#inTurn(() => this.#gather(Number.POSITIVE_INFINITY, signal));
  }

  #giveBack(rows: readonly Row[]): void {
    this.#rows = [...rows, ...this.#rows.slice(this.#at)];
    this.#at = 0;
  }

  /** Until it returns, the caller has none of its rows, and a query that may start anew can still do so. */
  async #gather(count: number, signal: AbortSignal | undefined): Promise<Row[]> {
    const run = this.#run;
    let rows: Row[] = [];
    let start = run.starts;
    while (rows.length < count) {
      const isMore = await this.#fill(signal);
      if (run.starts !== start) {
        start = run.starts;
        rows = [];
      }
      if (!isMore) break;
      const taken = this.#rows.slice(this.#at, this.#at + count - rows.length);
      this.#at += taken.length;
      // Those of the last batch stay counted, as what is left of it goes to the caller later.
      if (rows.length + taken.length === count) run.handOut(rows.length);
      else run.keep(taken.length);
      for (const row of taken) rows.push(row);
    }
    if (rows.length < count) run.handOut(rows.length);
    return rows;
  }

  /** Whether there is a row at hand, after fetching where there was none. */
  async #fill(signal: AbortSignal | undefined): Promise<boolean> {
    if (this.#at < this.#rows.length) return true;
    // Let go of the old batch before the next is waited for.
    this.#rows = [];
    this.#at = 0;
    this.#rows = await this.#run.next(signal);
    return this.#rows.length > 0;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    return mine;
  }
}
