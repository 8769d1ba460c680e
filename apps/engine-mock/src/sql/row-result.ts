import { type Column, type EncodeOptions, encodeBatch, type Row } from '@holdfast/strategy-client/wire';
import { encodedBytes } from './encoded-bytes.js';
import type { ResultSource } from './query-source.js';
import type { BatchLimits } from './sql-engine-options.js';
import { inSqlite, SqlError } from './sql-error.js';

/** Largest row in bytes: far below what a message may have, so that one row always fits a batch. */
const MAX_ROW_BYTES: number = 64 * 1024 * 1024;

/** What a batch and each of its columns take beyond the values, at most. */
const FRAME_BYTES = 96;

const NOTHING = new Uint8Array();

/** What a result is made of. */
export interface RowResultOptions {
  readonly columns: readonly Column[];
  readonly rowCount: bigint;
  /** Read row by row as batches are asked for, never ahead of them. */
  readonly rows: Iterator<Row>;
  readonly limits: BatchLimits;
  /** Sends columns as constant vectors; all rows must be equal then. Off unless told otherwise. */
  readonly constant?: boolean;
  /** Called once, when the result has ended in any way. */
  readonly onClose?: () => void;
}

/** Rows of any origin, cut into batches and encoded. */
export class RowResult implements ResultSource {
  readonly columns: readonly Column[];
  readonly rowCount: bigint;
  readonly #options: RowResultOptions;
  readonly #vectors: EncodeOptions;
  #delivered = 0n;
  #isClosed = false;
  #failure: unknown;
  /** A row that was read and did not fit the batch before. */
  #left: Row | undefined;

  constructor(options: RowResultOptions) {
    this.#options = options;
    this.columns = options.columns;
    this.rowCount = options.rowCount;
    const constant = options.constant ?? false;
    // A TIMESTAMP_TZ without a zone of its own shows each value in that which the value has.
    this.#vectors = {
      vectors: options.columns.map(({ zone }) => ({ constant, ...(zone !== '' && { zones: zone }) })),
    };
  }

  get delivered(): bigint {
    return this.#delivered;
  }

  nextBatch(): Uint8Array {
    // A failure is no end of rows, however often the client asks again.
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#isClosed) return NOTHING;
    try {
      const rows = inSqlite(() => this.#take());
      if (rows.length === 0) {
        this.close();
        return NOTHING;
      }
      const bytes = encode(this.columns, rows, this.#vectors);
      this.#delivered += BigInt(rows.length);
      return bytes;
    } catch (error) {
      this.#failure = error;
      this.close();
      throw error;
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#left = undefined;
    this.#options.onClose?.();
  }

  #take(): Row[] {
    const { rows, limits } = this.#options;
    const taken: Row[] = [];
    let bytes = FRAME_BYTES * (1 + this.columns.length);
    while (taken.length < limits.batchRows) {
      const row = this.#left ?? rows.next().value;
      this.#left = undefined;
      if (row === undefined) break;
      bytes += this.#bytesOf(row);
      if (bytes > limits.batchBytes && taken.length > 0) {
        this.#left = row;
        break;
      }
      taken.push(row);
    }
    return taken;
  }

  #bytesOf(row: Row): number {
    let bytes = 0;
    for (const [at, { type, zone }] of this.columns.entries()) {
      bytes += encodedBytes(type, zone, row[at] ?? null);
    }
    if (bytes <= MAX_ROW_BYTES) return bytes;
    throw new SqlError(`a row has ${bytes} bytes; at most ${MAX_ROW_BYTES} can be sent`);
  }
}

function encode(columns: readonly Column[], rows: readonly Row[], options: EncodeOptions): Uint8Array {
  try {
    return encodeBatch(columns, rows, options);
  } catch (cause) {
    // The encoder names column, row and value.
    if (cause instanceof Error) throw new SqlError(cause.message, { cause });
    throw cause;
  }
}
