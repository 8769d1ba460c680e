import {
  type Column,
  type Row,
  type Value,
  VECTOR_TYPES,
  type VectorType,
} from '@holdfast/strategy-client/wire';

/** A kind of batch. */
export interface Sample {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

/** Rows of a batch, as the engine sends them. */
export const ROWS_PER_BATCH = 8_192;
/** The two columns of the contract. */
export const TWO_COLUMNS = 'LONG+STRING';
/** Every vector type alone, and the two columns. */
export const SAMPLE_NAMES: readonly string[] = [...VECTOR_TYPES, TWO_COLUMNS];

/** Odd, so that its multiples visit all of 64 bits. */
const SPREADING = 0x9e3779b97f4a7c15n;
const MICROS_PER_HOUR = 3_600_000_000n;

const long = (row: number): bigint => BigInt.asIntN(64, BigInt(row) * SPREADING);
/** Hours from 1901 to 2038 or so. */
const micros = (row: number): bigint => BigInt((row - ROWS_PER_BATCH / 2) * 147) * MICROS_PER_HOUR;

/** A value of each type by the number of its row. INT96 and NULL carry nothing else. */
const VALUES: Readonly<Record<VectorType, (row: number) => Value>> = {
  BINARY: (row) => Uint8Array.of(row, row >> 8, 0x80, 0xff, row, 7, 8, 9),
  BOOLEAN: (row) => row % 3 === 0,
  DOUBLE: (row) => row / 7,
  FLOAT: (row) => row / 4,
  INT96: () => null,
  INTEGER: (row) => row * 262_143 - 2_147_483_648,
  LONG: long,
  STRING: (row) => `row ${row}`,
  DATE: micros,
  DATETIME: micros,
  TIMESTAMP: micros,
  STRUCT: (row) => `{"id":${row}}`,
  MAP: (row) => `{"key":${row}}`,
  ARRAY: (row) => `[${row},2,3]`,
  NULL: () => null,
  TIMESTAMP_TZ: micros,
  DECIMAL128: (row) => `${row - 4_000}.25`,
};

const column = (name: string, type: VectorType): Column => ({ name, type, zone: '', format: '' });

/** Throws for a name that is not of `SAMPLE_NAMES`. */
export function sampleOf(name: string): Sample {
  if (name === TWO_COLUMNS) return sampleWith(['LONG', 'STRING']);
  const type = VECTOR_TYPES.find((one) => one === name);
  if (type === undefined) throw new Error(`there is no sample ${name}`);
  return sampleWith([type]);
}

function sampleWith(types: readonly VectorType[]): Sample {
  const columns = types.map((type) => column(type.toLowerCase(), type));
  const rows = Array.from({ length: ROWS_PER_BATCH }, (_, row) => types.map((type) => VALUES[type](row)));
  return { columns, rows };
}
