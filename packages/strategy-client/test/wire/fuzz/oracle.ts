import { isDeepStrictEqual } from 'node:util';
import { MalformedBytes, StrategyClientError } from '../../../src/errors.js';
import { readChunk } from '../../../src/wire/batch/read-chunk.js';
import { ByteReader } from '../../../src/wire/bytes/byte-reader.js';
import {
  type Column,
  decodeBatch,
  decodeMetadata,
  encodeBatch,
  encodeMetadata,
  type Row,
  type Value,
  VECTOR_TYPES,
  type VectorType,
} from '../../../src/wire/index.js';

/** How an input ended: with a result, or with an error of this code. */
export type Ending = 'decoded' | StrategyClientError['code'];

const CODES: ReadonlySet<string> = new Set([
  'MALFORMED',
  'UNSUPPORTED_VECTOR_TYPE',
  'VALUE_OUT_OF_RANGE',
  'MESSAGE_TOO_LARGE',
]);

/** A batch of the fuzz run may have no more rows and values than this; much less than the default, and checked below. */
const LIMITS = { maxRows: 64, maxCells: 128 };

const isText = (value: Value): boolean => typeof value === 'string';
const isNumber = (value: Value): boolean => typeof value === 'number';
const isInstant = (value: Value): boolean =>
  matches(value, /^[+-]?\d{4,6}-\d\d-\d\dT[\d:]{8}\.\d{6}\+00:00$/);

const ALLOWED: Readonly<Record<VectorType, (value: Value) => boolean>> = {
  BINARY: (value) => value instanceof Uint8Array,
  BOOLEAN: (value) => typeof value === 'boolean',
  DOUBLE: isNumber,
  FLOAT: isNumber,
  INT96: () => false,
  INTEGER: (value) => isNumber(value) && Number.isInteger(value),
  LONG: (value) => typeof value === 'bigint',
  STRING: isText,
  DATE: (value) => matches(value, /^[+-]?\d{4,6}-\d\d-\d\d$/),
  DATETIME: isInstant,
  TIMESTAMP: isInstant,
  STRUCT: isText,
  MAP: isText,
  ARRAY: isText,
  NULL: () => false,
  TIMESTAMP_TZ: (value) => matches(value, /^[+-]?\d{4,6}-\d\d-\d\dT[\d:]{8}\.\d{6}[+-]\d\d:\d\d(:\d\d)?$/),
  DECIMAL128: (value) => matches(value, /^-?\d+(\.\d{1,38})?$/),
};

function matches(value: Value, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value);
}

/** Decodes a batch and throws if the outcome is neither a well-formed result nor an error that we document. */
export function judgeBatch(columns: readonly Column[], bytes: Uint8Array): Ending {
  return judge(bytes, () => {
    const rows = decodeBatch(columns, bytes, LIMITS);
    if (rows.length > 0) checkRows(columns, bytes, rows);
  });
}

/** The same for metadata, which must read the same after they are written. */
export function judgeMetadata(bytes: Uint8Array): Ending {
  return judge(bytes, () => {
    const metadata = decodeMetadata(bytes);
    if (metadata.columns.length * 8 > bytes.length) throw new Error('more columns than bytes');
    if (!isDeepStrictEqual(decodeMetadata(encodeMetadata(metadata)), metadata))
      throw new Error('read differently');
  });
}

function judge(bytes: Uint8Array, decode: () => void): Ending {
  try {
    decode();
    return 'decoded';
  } catch (error) {
    if (!(error instanceof StrategyClientError) || !CODES.has(error.code)) throw error;
    if (error instanceof MalformedBytes && !(error.offset >= 0 && error.offset <= bytes.length)) throw error;
    return error.code;
  }
}

/** The right number of rows, each of the right width, with values of the types of their vectors, which can be written again. */
function checkRows(columns: readonly Column[], bytes: Uint8Array, rows: readonly Row[]): void {
  const { size, vectors } = readChunk(new ByteReader(bytes), columns.length);
  const types = vectors.map((vector) => VECTOR_TYPES[vector.type] ?? fail('an unknown type was decoded'));
  if (rows.length !== size || size > LIMITS.maxRows) fail(`${rows.length} rows in a batch of ${size}`);
  for (const row of rows) {
    if (row.length !== columns.length) fail('a row is too short');
    for (const [index, value] of row.entries())
      checkValue(types[index] ?? fail('no type'), value, bytes.length);
  }
  const again = encodeBatch(columns, rows, {
    vectors: types.map((type) => ({ type, decimalsAsText: true })),
  });
  if (!isDeepStrictEqual(decodeBatch(columns, again), rows)) fail('read differently after writing');
}

/** No text is longer than its bytes and what a number can take. */
function checkValue(type: VectorType, value: Value, bytes: number): void {
  if (value === null) return;
  if (!ALLOWED[type](value)) fail(`${typeof value} ${String(value)} came from ${type}`);
  if (typeof value === 'string' && value.length > bytes + 160) fail('a text longer than its bytes');
}

function fail(why: string): never {
  throw new Error(why);
}
