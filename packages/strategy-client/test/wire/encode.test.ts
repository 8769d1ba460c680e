import { describe, expect, test } from 'vitest';
import {
  type Column,
  decodeBatch,
  encodeBatch,
  encodeMetadata,
  MAX_COLUMNS,
  type Value,
} from '../../src/wire/index.js';
import { columnOf } from './vectors.js';

const BIG = 2n ** 63n;

describe('a value that its column cannot carry is refused', () => {
  test.each<[type: string, value: Value, named: string]>([
    ['LONG', BIG, `bigint ${BIG}`],
    ['LONG', -BIG - 1n, `bigint ${-BIG - 1n}`],
    ['LONG', 1.5, 'number 1.5'],
    ['LONG', 2 ** 53, 'number 9007199254740992'],
    ['LONG', '9223372036854775808', '"9223372036854775808"'],
    ['LONG', 'one', '"one"'],
    ['LONG', true, 'boolean true'],
    ['INTEGER', 2 ** 31, 'number 2147483648'],
    ['INTEGER', 0.5, 'number 0.5'],
    ['INTEGER', Number.NaN, 'number NaN'],
    ['INT', 2n ** 40n, `bigint ${2n ** 40n}`],
    ['DOUBLE', '1.5', '"1.5"'],
    ['DOUBLE', 1n, 'bigint 1'],
    ['FLOAT', null, ''],
    ['BOOLEAN', 1, 'number 1'],
    ['STRING', 5, 'number 5'],
    ['STRING', '\uD800', '"\\ud800"'],
    ['ARRAY', new Uint8Array(3), 'a Uint8Array of 3 bytes'],
    ['BINARY', 'x'.repeat(100), `"${'x'.repeat(60)}…"`],
    ['DATE', 5, 'number 5'],
    ['DATE', BIG, `bigint ${BIG}`],
    ['DATE', '-290308-12-20', '"-290308-12-20"'],
    ['DATETIME', '2026-02-30', '"2026-02-30"'],
    ['DECIMAL128', 1.5, 'number 1.5'],
    ['DECIMAL128', 'NaN', '"NaN"'],
    ['DECIMAL128', 2n ** 127n, `bigint ${2n ** 127n}`],
    ['DECIMAL128', `0.${'1'.repeat(39)}`, `"0.${'1'.repeat(39)}"`],
    ['INT96', 1n, 'bigint 1'],
    ['NULL', 'a', '"a"'],
  ])('%s and %s', (type, value, named) => {
    const column: Column = { name: 'price', type, zone: '', format: '' };
    const encode = (): Uint8Array => encodeBatch([column], [[null], [value]]);
    if (value === null) return expect(encode).not.toThrow();
    const refused = expect.objectContaining({
      code: 'VALUE_OUT_OF_RANGE',
      message: expect.stringContaining(`column "price", row 1: ${named} does not fit into`),
    });
    return expect(encode).toThrow(refused);
  });

  test('also where the row is too short', () => {
    const columns = [columnOf('LONG'), columnOf('LONG')];
    expect(() => encodeBatch(columns, [[1n, 2n], [3n]])).toThrow(
      expect.objectContaining({
        code: 'VALUE_OUT_OF_RANGE',
        message: 'column "v", row 1: row has 1 values for 2 columns; use null for no value',
      }),
    );
  });

  test('also where a constant vector has two values', () => {
    const vectors = [{ constant: true }];
    expect(() => encodeBatch([columnOf('LONG')], [[1n], [2n]], { vectors })).toThrow(
      expect.objectContaining({
        code: 'VALUE_OUT_OF_RANGE',
        message: expect.stringContaining('row 1: bigint 2'),
      }),
    );
    const same = [[new Uint8Array([1])], [new Uint8Array([1])]];
    const bytes = encodeBatch([columnOf('BINARY')], same, { vectors });
    expect(decodeBatch([columnOf('BINARY')], bytes)).toEqual(same);
  });
});

describe('other forms of a value', () => {
  test.each<[type: string, given: Value, comesBack: Value]>([
    ['LONG', 7, 7n],
    ['LONG', '-9223372036854775808', -BIG],
    ['INTEGER', 7n, 7],
    ['DATE', '+294247-01-10', '+294247-01-10'],
    ['DATE', '-290308-12-21', '-290308-12-21'],
    ['DATE', '2026-02-12T23:00:00Z', '2026-02-12'],
    ['DATETIME', '2026-02-12 10:11:12', '2026-02-12T10:11:12.000000+00:00'],
    ['TIMESTAMP', 0n, '1970-01-01T00:00:00.000000+00:00'],
    ['TIMESTAMP_TZ', '2026-02-12T10:11:12-03:00', '2026-02-12T10:11:12.000000-03:00'],
    ['DECIMAL128', 5n, '5'],
    ['DECIMAL128', 5, '5'],
    ['DECIMAL128', '5.10', '5.10'],
  ])('%s takes %s', (type, given, comesBack) => {
    const bytes = encodeBatch([columnOf(type)], [[given]]);
    expect(decodeBatch([columnOf(type)], bytes)).toEqual([[comesBack]]);
  });

  test('a scale that is given, or else the longest', () => {
    const column = columnOf('DECIMAL128');
    const rows = [['1.5'], ['2'], [null], ['0.125']];
    expect(decodeBatch([column], encodeBatch([column], rows))).toEqual([
      ['1.500'],
      ['2.000'],
      [null],
      ['0.125'],
    ]);
    const wide = encodeBatch([column], rows, { vectors: [{ scale: 5 }] });
    expect(decodeBatch([column], wide)[0]).toEqual(['1.50000']);
    const narrow = (): Uint8Array => encodeBatch([column], rows, { vectors: [{ scale: 2 }] });
    expect(narrow).toThrow(/row 3: "0.125" does not fit into DECIMAL128/);
  });

  test.each([['12345678901234.5'], ['-1234567890123.5']])('%s as text is not taken for 16 bytes', (value) => {
    const vectors = [{ decimalsAsText: true }];
    const column = columnOf('DECIMAL128');
    expect(decodeBatch([column], encodeBatch([column], [[value]], { vectors }))).toEqual([[value]]);
  });

  test('zones of each row, and of all', () => {
    const column = columnOf('TIMESTAMP_TZ');
    const rows = [['1970-01-01T00:00:00Z'], [null], [0n]];
    const each = encodeBatch([column], rows, { vectors: [{ zones: ['+01:00', 'Z', '-01:00'] }] });
    expect(decodeBatch([column], each)).toEqual([
      ['1970-01-01T01:00:00.000000+01:00'],
      [null],
      ['1969-12-31T23:00:00.000000-01:00'],
    ]);
    const one = encodeBatch([column], [[0n], [0n]], { vectors: [{ constant: true, zones: '+01:00' }] });
    expect(decodeBatch([column], one)[1]).toEqual(['1970-01-01T01:00:00.000000+01:00']);
  });
});

test.each([
  [{ constant: true, zones: ['Z'] }, /give one zone/],
  [{ scale: 39 }, /scale of column "v" is 39/],
  [{ scale: 1.5 }, /scale of column "v" is 1.5/],
])('options out of their limits: %j', (options, message) => {
  expect(() => encodeBatch([columnOf('DECIMAL128')], [['1']], { vectors: [options] })).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) }),
  );
});

test('a type that no vector carries needs a wish', () => {
  const column = columnOf('VARCHAR');
  expect(() => encodeBatch([column], [['a']])).toThrow(
    expect.objectContaining({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('has the type VARCHAR'),
    }),
  );
  const bytes = encodeBatch([column], [['a']], { vectors: [{ type: 'STRING' }] });
  expect(decodeBatch([column], bytes)).toEqual([['a']]);
});

describe('metadata that the format cannot hold', () => {
  test.each([
    [
      'a long name',
      { rowCount: 0n, columns: [{ name: 'é'.repeat(32_768), type: '', zone: '', format: '' }] },
    ],
    ['half a pair', { rowCount: 0n, columns: [{ name: '', type: '\uDC00', zone: '', format: '' }] }],
    ['a row count of 65 bits', { rowCount: BIG, columns: [] }],
    [
      'too many columns',
      { rowCount: 0n, columns: Array.from({ length: MAX_COLUMNS + 1 }, () => columnOf('LONG')) },
    ],
  ])('%s', (_what, metadata) => {
    expect(() => encodeMetadata(metadata)).toThrow(expect.objectContaining({ code: 'VALUE_OUT_OF_RANGE' }));
  });
});
