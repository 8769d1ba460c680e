import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Column,
  decodeBatch,
  decodeMetadata,
  encodeBatch,
  encodeMetadata,
  type Row,
  VECTOR_TYPES,
} from '../../src/wire/index.js';
import { type ColumnCase, columnCase, rowsOf } from './arbitraries.js';

/** What the decoder makes of these cases. */
function through(cases: readonly ColumnCase[], rows: readonly Row[]): Row[] {
  const columns = cases.map((one) => one.column);
  const bytes = encodeBatch(columns, rows, { vectors: cases.map((one) => one.options) });
  return decodeBatch(columns, bytes);
}

const TEMPORAL: ReadonlySet<string> = new Set(['DATE', 'DATETIME', 'TIMESTAMP', 'TIMESTAMP_TZ']);

describe('what is encoded is decoded as the same', () => {
  test.each(VECTOR_TYPES.map((type) => [type]))('%s', (type) => {
    const anyCase = fc.integer({ min: 1, max: 12 }).chain((rows) => columnCase(type, rows));
    fc.assert(
      fc.property(anyCase, (one) => {
        const given = rowsOf([one]);
        // Temporal values start as microseconds; their text is what must come back unchanged.
        const values = TEMPORAL.has(type) ? through([one], given) : given;
        expect(through([one], values)).toEqual(values);
      }),
      { numRuns: 300 },
    );
  });

  test('columns of several types beside each other', () => {
    const cases = fc.integer({ min: 1, max: 9 }).chain((rows) => {
      const types = VECTOR_TYPES.filter((type) => !TEMPORAL.has(type));
      const column = fc.constantFrom(...types).chain((type) => columnCase(type, rows));
      return fc.array(column, { minLength: 1, maxLength: 8 });
    });
    fc.assert(
      fc.property(cases, (several) => {
        const rows = rowsOf(several);
        expect(through(several, rows)).toEqual(rows);
      }),
      { numRuns: 300 },
    );
  });

  test('metadata', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    const column: fc.Arbitrary<Column> = fc.record({ name: text, type: text, zone: text, format: text });
    const metadata = fc.record({
      rowCount: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
      columns: fc.array(column, { maxLength: 20 }),
    });
    fc.assert(
      fc.property(metadata, (given) => {
        expect(decodeMetadata(encodeMetadata(given))).toEqual(given);
      }),
      { numRuns: 300 },
    );
  });
});

test('no rows are written as the end of a result', () => {
  const columns = [{ name: 'v', type: 'LONG', zone: '', format: '' }];
  expect(decodeBatch(columns, encodeBatch(columns, []))).toEqual([]);
});

test('rows of no columns stay rows', () => {
  expect(decodeBatch([], encodeBatch([], [[], []]))).toEqual([[], []]);
});
