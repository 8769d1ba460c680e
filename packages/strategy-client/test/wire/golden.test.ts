import { describe, expect, test } from 'vitest';
import {
  decodeBatch,
  decodeMetadata,
  encodeBatch,
  encodeMetadata,
  type VectorOptions,
} from '../../src/wire/index.js';
import { bytesOf, engineVectors, hexOf } from './vectors.js';

describe('metadata', () => {
  test.each(engineVectors.metadata)('$name', ({ hex, expected }) => {
    const metadata = { ...expected, rowCount: BigInt(expected.rowCount) };
    expect(decodeMetadata(bytesOf(hex))).toEqual(metadata);
    expect(hexOf(encodeMetadata(metadata))).toBe(hex);
  });
});

describe('rows', () => {
  test.each(engineVectors.rows)('$name', ({ metadataHex, batchHex, expected }) => {
    const { columns } = decodeMetadata(bytesOf(metadataHex));
    expect(decodeBatch(columns, bytesOf(batchHex), { int64: 'string' })).toEqual(expected);
    const exact = decodeBatch(columns, bytesOf(batchHex));
    expect(exact).toEqual([
      [1n, 'a'],
      [-2n, null],
    ]);
    expect(hexOf(encodeBatch(columns, exact))).toBe(batchHex);
  });
});

/** What the bytes have that the values do not tell. */
const WISHES: Record<string, VectorOptions> = {
  'LONG constant': { constant: true },
  'LONG constant null': { constant: true },
  'BOOLEAN constant': { constant: true },
  'DECIMAL128 as text': { decimalsAsText: true },
  'TIMESTAMP_TZ zones': { zones: ['+05:30', 'Z', 'America/New_York', '-03:30'] },
};

/** The file's DATE has a time of day, which the value no longer has. */
const NOT_REPRODUCIBLE = 'DATE is epoch microseconds';

describe('vectors', () => {
  test.each(engineVectors.vectors)('$name', ({ name, column, batchHex, expected }) => {
    const rows = expected.map((value) => [value]);
    expect(decodeBatch([column], bytesOf(batchHex), { int64: 'string' })).toEqual(rows);
    const values =
      name === NOT_REPRODUCIBLE ? [[0x00064a952b77e240n], [-1n]] : decodeBatch([column], bytesOf(batchHex));
    const encoded = encodeBatch([column], values, { vectors: [WISHES[name]] });
    expect(hexOf(encoded)).toBe(batchHex);
  });
});

test('a wish is for a vector of the file', () => {
  const names = engineVectors.vectors.map((vector) => vector.name);
  expect(names).toEqual(expect.arrayContaining([...Object.keys(WISHES), NOT_REPRODUCIBLE]));
});
