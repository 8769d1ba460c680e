import { StrategyClientError } from '../../errors.js';
import { wholeInRange } from '../../in-range.js';
import { columnName } from '../column-name.js';
import { MAX_SCALE } from '../limits.js';
import type { Column } from '../types.js';
import { VECTOR_TYPES, type VectorType, vectorTypeOf } from '../vector-type.js';

/** How one column of a batch is encoded. */
export interface VectorOptions {
  /** The vector that carries the column; by the column's type unless told otherwise. */
  readonly type?: VectorType;
  /** Sends the value once for all rows, which must all have the same one. Off unless told otherwise. */
  readonly constant?: boolean;
  /** Digits after the point of a DECIMAL128, 0 to 38; as many as the longest value of the batch has unless told otherwise. */
  readonly scale?: number;
  /** Sends decimals as text instead of 16 bytes. Off unless told otherwise. */
  readonly decimalsAsText?: boolean;
  /**
   * The zone of a TIMESTAMP_TZ: of all rows, or of each (`Z`, `±HH:MM` or an IANA name, which is not checked); the offset
   * that the value has, or Z, unless told otherwise. A constant vector takes one for all. It says how the instant is
   * shown; the instant is the value's.
   */
  readonly zones?: string | readonly string[];
}

/** How a batch is encoded. */
export interface EncodeOptions {
  /** By the index of the column; `undefined` for a column without wishes. */
  readonly vectors?: readonly (VectorOptions | undefined)[];
}

export interface ResolvedVectorOptions {
  readonly type: VectorType;
  readonly constant: boolean;
  readonly scale: number | undefined;
  readonly decimalsAsText: boolean;
  readonly zones: string | readonly string[] | undefined;
}

/** The options of a column with their defaults. Throws `INVALID_ARGUMENT`, also for a column type that no vector carries. */
export function resolveVectorOptions(column: Column, options: VectorOptions = {}): ResolvedVectorOptions {
  const { constant = false, scale, decimalsAsText = false, zones } = options;
  const type = options.type ?? vectorTypeOf(column.type);
  if (type === undefined || !VECTOR_TYPES.includes(type)) {
    throw invalid(
      `column ${columnName(column)} has the type ${type ?? column.type}, which no vector carries; give a type of VECTOR_TYPES`,
    );
  }
  if (constant && typeof zones === 'object') {
    throw invalid(`zones of column ${columnName(column)} is a list; give one zone for a constant vector`);
  }
  if (scale !== undefined) wholeInRange(`scale of column ${columnName(column)}`, scale, 0, MAX_SCALE);
  return Object.freeze({ type, constant, scale, decimalsAsText, zones });
}

function invalid(message: string): StrategyClientError {
  return new StrategyClientError('INVALID_ARGUMENT', message);
}
