import type { VectorType } from '../vector-type.js';
import { decimals } from './decimals.js';
import { booleans, doubleValues, floatValues, integers } from './fixed.js';
import { longs } from './longs.js';
import { int96, nulls } from './nothing.js';
import { dates, datetimes, zonedTimes } from './temporals.js';
import { binaries, texts } from './texts.js';
import type { VectorReader } from './vector.js';

/** How the values of each vector type are read. */
export const READERS: Readonly<Record<VectorType, VectorReader>> = {
  BINARY: binaries,
  BOOLEAN: booleans,
  DOUBLE: doubleValues,
  FLOAT: floatValues,
  INT96: int96,
  INTEGER: integers,
  LONG: longs,
  STRING: texts,
  DATE: dates,
  DATETIME: datetimes,
  TIMESTAMP: datetimes,
  STRUCT: texts,
  MAP: texts,
  ARRAY: texts,
  NULL: nulls,
  TIMESTAMP_TZ: zonedTimes,
  DECIMAL128: decimals,
};
