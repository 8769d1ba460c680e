import fc from 'fast-check';
import type { Column, Row, Value, VectorOptions, VectorType } from '../../src/wire/index.js';
import { columnOf } from './vectors.js';

/** One column with its values, such as the decoder gives them, and how to encode it. */
export interface ColumnCase {
  readonly column: Column;
  readonly values: readonly Value[];
  readonly options: VectorOptions;
}

const int64 = fc.oneof(
  fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
  fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, 0n, -1n, 1n),
);
const int128 = fc.oneof(
  fc.bigInt(-(2n ** 127n), 2n ** 127n - 1n),
  fc.bigInt(-1_000n, 1_000n),
  fc.constantFrom(-(2n ** 127n), 2n ** 127n - 1n, 10n ** 38n - 1n, 0n),
);
const text = fc.string({ unit: 'binary', maxLength: 40 }).filter((one) => !/\p{Surrogate}/u.test(one));

/** A count of this unit as the text of a decimal with that scale: written anew, not by the code that is tested. */
function decimalOf(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? '-' : '';
  const magnitude = unscaled < 0n ? -unscaled : unscaled;
  const unit = 10n ** BigInt(scale);
  const fraction = scale === 0 ? '' : `.${(magnitude % unit).toString().padStart(scale, '0')}`;
  return `${sign}${magnitude / unit}${fraction}`;
}

const VALUES: Readonly<Record<Exclude<VectorType, 'DECIMAL128'>, fc.Arbitrary<Value>>> = {
  BINARY: fc.uint8Array({ maxLength: 40 }),
  BOOLEAN: fc.boolean(),
  DOUBLE: fc.double(),
  FLOAT: fc.double(),
  INT96: fc.constant(null),
  INTEGER: fc.integer(),
  LONG: int64,
  STRING: text,
  DATE: int64,
  DATETIME: int64,
  TIMESTAMP: int64,
  STRUCT: text,
  MAP: text,
  ARRAY: text,
  NULL: fc.constant(null),
  TIMESTAMP_TZ: int64,
};

/** Columns of that type, constant ones among them. */
export function columnCase(type: VectorType, rows: number): fc.Arbitrary<ColumnCase> {
  if (type !== 'DECIMAL128') return constantOrNot(type, VALUES[type], rows);
  return fc.nat(38).chain((scale) =>
    fc.boolean().chain((decimalsAsText) => {
      const value = int128.map((unscaled) => decimalOf(unscaled, scale));
      return constantOrNot(type, value, rows).map((one) => ({
        ...one,
        options: { ...one.options, scale, decimalsAsText },
      }));
    }),
  );
}

function constantOrNot(type: VectorType, value: fc.Arbitrary<Value>, rows: number): fc.Arbitrary<ColumnCase> {
  const nullable = fc.option(value, { freq: 5 });
  const column = columnOf(type);
  return fc.oneof(
    fc
      .array(nullable, { minLength: rows, maxLength: rows })
      .map((values) => ({ column, values, options: { type } })),
    nullable.map((one) => ({
      column,
      values: Array.from({ length: rows }, () => one),
      options: { type, constant: true },
    })),
  );
}

export function rowsOf(cases: readonly ColumnCase[]): Row[] {
  const [first] = cases;
  return (first?.values ?? []).map((_, row) => cases.map((one) => one.values[row] ?? null));
}
