import { StrategyClientError } from '../../errors.js';
import type { ResolvedVectorOptions } from '../batch/encode-options.js';
import { columnName } from '../column-name.js';
import type { Column, Row, Value } from '../types.js';
import { VECTOR_TYPES } from '../vector-type.js';

const CHARACTERS_SHOWN = 60;

/** One column of the rows that are encoded. */
export class ColumnToWrite {
  readonly column: Column;
  readonly rows: readonly Row[];
  readonly options: ResolvedVectorOptions;
  readonly #index: number;
  readonly #width: number;

  constructor(o: {
    readonly columns: readonly Column[];
    readonly index: number;
    readonly rows: readonly Row[];
    readonly options: ResolvedVectorOptions;
  }) {
    const { [o.index]: column } = o.columns;
    if (column === undefined)
      throw new StrategyClientError('INVALID_ARGUMENT', `there is no column ${o.index}`);
    this.column = column;
    this.rows = o.rows;
    this.options = o.options;
    this.#index = o.index;
    this.#width = o.columns.length;
  }

  /** The number of the type on the wire. */
  get typeNumber(): number {
    return VECTOR_TYPES.indexOf(this.options.type);
  }

  /** The value of that row. */
  valueOf(row: Row, number: number): Value {
    const value = row[this.#index];
    if (value !== undefined) return value;
    throw this.refusal(
      number,
      `row has ${row.length} values for ${this.#width} columns; use null for no value`,
    );
  }

  /** The value of all rows of a constant vector. */
  theValue(): Value {
    const [first] = this.rows;
    const value = first === undefined ? null : this.valueOf(first, 0);
    for (const [number, row] of this.rows.entries()) {
      const other = this.valueOf(row, number);
      if (!isSame(value, other))
        throw this.refuse(number, other, 'a constant vector has the same value in all rows');
    }
    return value;
  }

  /** The error for a value that the column cannot carry. */
  refuse(row: number, value: Value, why: string): StrategyClientError {
    return this.refusal(row, `${shown(value)} does not fit into ${this.options.type}; ${why}`);
  }

  refusal(row: number, message: string): StrategyClientError {
    return new StrategyClientError(
      'VALUE_OUT_OF_RANGE',
      `column ${columnName(this.column)}, row ${row}: ${message}`,
    );
  }
}

function isSame(a: Value, b: Value): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return Object.is(a, b);
}

/** A value in few characters. */
function shown(value: Value): string {
  if (value instanceof Uint8Array) return `a Uint8Array of ${value.length} bytes`;
  if (typeof value !== 'string') return `${typeof value} ${value}`.slice(0, CHARACTERS_SHOWN);
  return JSON.stringify(value.length > CHARACTERS_SHOWN ? `${value.slice(0, CHARACTERS_SHOWN)}…` : value);
}
