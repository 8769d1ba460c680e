import { StrategyClientError } from '../../errors.js';
import { wholeInRange } from '../../in-range.js';
import { MAX_CELLS_PER_BATCH, MAX_ROWS_PER_BATCH } from '../limits.js';
import type { Int64Mode } from '../types.js';

/** How batches are decoded. */
export interface DecodeOptions {
  /**
   * How LONG values are given; `'bigint'` unless told otherwise. With `'number'` a value that is not a safe integer is
   * refused (`VALUE_OUT_OF_RANGE`), never rounded.
   */
  readonly int64?: Int64Mode;
  /** Rows that a batch may claim, at most 2^26; 1,048,576 unless told otherwise. */
  readonly maxRows?: number;
  /** Values (rows times columns) that a batch may claim, at most 2^30; 16,777,216 unless told otherwise. */
  readonly maxCells?: number;
}

/** Rows are an array, and arrays cannot grow without end. */
const MOST_ROWS = 67_108_864;
const MOST_CELLS = 1_073_741_824;

const MODES: ReadonlySet<unknown> = new Set(['bigint', 'string', 'number']);

/** The options with their defaults. Throws `INVALID_ARGUMENT`. */
export function resolveDecodeOptions(options: DecodeOptions): Required<DecodeOptions> {
  const { int64 = 'bigint', maxRows = MAX_ROWS_PER_BATCH, maxCells = MAX_CELLS_PER_BATCH } = options;
  if (!MODES.has(int64)) {
    throw new StrategyClientError(
      'INVALID_ARGUMENT',
      `int64 is ${int64}; give 'bigint', 'string' or 'number'`,
    );
  }
  return Object.freeze({
    int64,
    maxRows: wholeInRange('maxRows', maxRows, 1, MOST_ROWS),
    maxCells: wholeInRange('maxCells', maxCells, 1, MOST_CELLS),
  });
}
