import type { Column, Row } from '../wire/index.js';
import { unwatchForgotten, watchForgotten } from './forgotten.js';
import type { QueryRun } from './query-run.js';
import { RowReader } from './row-reader.js';

/**
 * The rows of one query. Read it to the end, leave its loop, or `close` it: each lets the engine forget the query, and so
 * does the garbage collector in the end.
 */
export class QueryResult implements AsyncIterable<Row> {
  readonly #run: QueryRun;
  readonly #reader: RowReader;
  readonly #signal: AbortSignal | undefined;

  /** Use `connection.query()`. */
  constructor(run: QueryRun, signal: AbortSignal | undefined) {
    this.#run = run;
    this.#reader = new RowReader(run);
    this.#signal = signal;
    this.queryId = run.queryId;
    watchForgotten(this.#reader, run);
  }

  readonly queryId: string;

  get columns(): readonly Column[] {
    return this.#run.columns;
  }

  /** Rows as the engine counts them. */
  get rowCount(): bigint {
    return this.#run.rowCount;
  }

  /** The next row; null at the end. */
  fetchOne(): Promise<Row | null> {
    return this.#reader.one(this.#signal);
  }

  /** Up to `count` rows; fewer only at the end. */
  fetchMany(count: number): Promise<Row[]> {
    return this.#reader.many(count, this.#signal);
  }

  /** All rows that are left, in memory at once. */
  fetchAll(): Promise<Row[]> {
    return this.#reader.all(this.#signal);
  }

  /** The rows that are left; leaving the loop closes the result. Memory is bounded by two batches. */
  [Symbol.asyncIterator](): AsyncGenerator<Row, void, undefined> {
    return this.#reader.each(this.#signal, () => this.close());
  }

  /** Lets the engine forget the query. Repeating it is harmless. */
  async close(): Promise<void> {
    unwatchForgotten(this.#run);
    await this.#run.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
