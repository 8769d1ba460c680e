import {
  type Column,
  encodeBatch,
  encodeMetadata,
  type Value,
  VECTOR_TYPES,
  type VectorOptions,
  type VectorType,
} from '../../../src/wire/index.js';
import { bytesOf, columnOf, engineVectors } from '../vectors.js';

/** A valid batch and the columns that it is of. */
export interface BatchSample {
  readonly columns: readonly Column[];
  readonly bytes: Uint8Array;
}

const VALUES: Readonly<Record<VectorType, readonly Value[]>> = {
  BINARY: [new Uint8Array([0, 255]), null],
  BOOLEAN: [true, null, false],
  DOUBLE: [1.5, null, Number.NaN],
  FLOAT: [-0, 0.1],
  INT96: [null],
  INTEGER: [7, -7, null],
  LONG: [2n ** 63n - 1n, null, -5n],
  STRING: ['é😀', '', null],
  DATE: ['2026-02-12', null],
  DATETIME: [0n, -1n, null],
  TIMESTAMP: [2n ** 62n, null],
  STRUCT: ['{"a":1}'],
  MAP: ['{}', null],
  ARRAY: ['[1,2]'],
  NULL: [null, null],
  TIMESTAMP_TZ: ['2026-02-12T00:00:00.5+05:30', null, 0n],
  DECIMAL128: ['123.45', '-0.05', null],
};

function samplesOf(type: VectorType, values: readonly Value[]): BatchSample[] {
  const columns = [columnOf(type)];
  const sample = (given: readonly Value[], options: VectorOptions): BatchSample => ({
    columns,
    bytes: encodeBatch(
      columns,
      given.map((value) => [value]),
      { vectors: [options] },
    ),
  });
  const [first = null] = values;
  return [
    sample(values, {}),
    sample(values, { decimalsAsText: true }),
    sample([first, first], { constant: true }),
    sample([null, null], { constant: true }),
  ];
}

export const BATCHES: readonly BatchSample[] = [
  ...VECTOR_TYPES.flatMap((type) => samplesOf(type, VALUES[type])),
  ...engineVectors.vectors.map(({ column, batchHex }) => ({ columns: [column], bytes: bytesOf(batchHex) })),
  ...engineVectors.rows.map(({ batchHex }) => ({
    columns: [columnOf('LONG'), columnOf('STRING')],
    bytes: bytesOf(batchHex),
  })),
];

export const METADATA: readonly Uint8Array[] = [
  ...engineVectors.metadata.map(({ hex }) => bytesOf(hex)),
  encodeMetadata({
    rowCount: 5n,
    columns: [{ name: 'é😀', type: 'TIMESTAMP_TZ', zone: 'Z', format: '\u0000' }],
  }),
  encodeMetadata({ rowCount: 0n, columns: [] }),
];
