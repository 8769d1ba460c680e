import { describe, expect, test } from 'vitest';
import {
  type Column,
  decodeBatch,
  encodeBatch,
  type Value,
  VECTOR_TYPES,
  vectorTypeOf,
} from '../../src/wire/index.js';
import * as craft from './craft.js';
import { columnOf } from './vectors.js';

const { field, list, text, i32, i64, I32, I64, LIST, STRING } = craft;

interface DecimalBytes {
  readonly hex: string;
  readonly scale: number;
}

function decimal({ hex, scale }: DecimalBytes, constant = false): Value | undefined {
  const value = craft.binary(hex);
  const values = constant ? field(1, STRING, value) : field(1, LIST, list(STRING, value));
  const data = [constant ? 18 : 17, values, field(2, I32, i32(scale))] as const;
  const bytes = craft.batch(1, craft.vector({ size: 1, type: 16, nulls: [false], constant, data }));
  return decodeBatch([columnOf('DECIMAL128')], bytes)[0]?.[0];
}

const hexOf = (ascii: string): string => Buffer.from(ascii).toString('hex');

describe('DECIMAL128', () => {
  test.each([
    ['00'.repeat(16), 2, '0.00'],
    ['00'.repeat(16), 0, '0'],
    [`${'ff'.repeat(15)}fb`, 2, '-0.05'],
    [`${'00'.repeat(15)}05`, 38, `0.${'0'.repeat(37)}5`],
    [`7f${'ff'.repeat(15)}`, 0, '170141183460469231731687303715884105727'],
    [`80${'00'.repeat(15)}`, 38, '-1.70141183460469231731687303715884105728'],
    // Sixteen digits as text are sixteen bytes: binary, whatever they look like.
    [hexOf('1234567890123456'), 0, BigInt(`0x${hexOf('1234567890123456')}`).toString()],
  ])('binary %s with scale %d', (hex, scale, expected) => {
    expect(decimal({ hex, scale })).toBe(expected);
    expect(decimal({ hex, scale }, true)).toBe(expected);
  });

  test.each([
    ['123.45', 2, '123.45'],
    ['123.4', 2, '123.40'],
    ['-.5', 1, '-0.5'],
    ['+7', 0, '7'],
    ['0E-10', 10, '0.0000000000'],
    ['1.5e3', 1, '1500.0'],
    ['1.2300', 2, '1.23'],
    ['-0.00', 2, '0.00'],
    ['9'.repeat(50), 0, '9'.repeat(50)],
  ])('text %s with scale %d', (ascii, scale, expected) => {
    expect(decimal({ hex: hexOf(ascii), scale })).toBe(expected);
  });

  test.each([
    ['1.234', 2],
    ['', 2],
    ['.', 2],
    ['abc', 2],
    ['NaN', 2],
    ['1e100', 2],
    [' 1', 2],
    ['9'.repeat(1_001), 0],
  ])('neither: %s with scale %d', (ascii, scale) => {
    expect(() => decimal({ hex: hexOf(ascii), scale })).toThrow(
      expect.objectContaining({ code: 'MALFORMED' }),
    );
  });

  test.each([[-1], [39], [2_147_483_647]])('the scale %d is malformed', (scale) => {
    expect(() => decimal({ hex: '00'.repeat(16), scale })).toThrow(/has the scale/);
  });
});

describe('LONG as the caller wants it', () => {
  const column: Column = { name: 'id', type: 'LONG', zone: '', format: '' };
  const safe = encodeBatch([column], [[9_007_199_254_740_991n], [null], [-5n]]);

  test('bigint, text or number', () => {
    expect(decodeBatch([column], safe)).toEqual([[9_007_199_254_740_991n], [null], [-5n]]);
    expect(decodeBatch([column], safe, { int64: 'string' })).toEqual([['9007199254740991'], [null], ['-5']]);
    expect(decodeBatch([column], safe, { int64: 'number' })).toEqual([[9_007_199_254_740_991], [null], [-5]]);
  });

  test.each([[2n ** 53n], [-(2n ** 53n)], [2n ** 53n + 1n], [2n ** 63n - 1n]])(
    'no number for %d',
    (value) => {
      const refused = expect.objectContaining({
        code: 'VALUE_OUT_OF_RANGE',
        message: `column "id", row 1: no number holds ${value} exactly; ask for int64 as 'bigint' or 'string'`,
      });
      const bytes = encodeBatch([column], [[1n], [value]]);
      expect(() => decodeBatch([column], bytes, { int64: 'number' })).toThrow(refused);
      expect(decodeBatch([column], bytes, { int64: 'string' })).toEqual([['1'], [String(value)]]);
    },
  );

  test('another word for it is refused', () => {
    // @ts-expect-error Callers without types may say so.
    expect(() => decodeBatch([column], safe, { int64: 'float' })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});

describe('BINARY', () => {
  test('is bytes, also such as are not text, and no window on the message', () => {
    const message = encodeBatch(
      [columnOf('BINARY')],
      [[new Uint8Array([0xff, 0, 0xc3])], [new Uint8Array()]],
    );
    const rows = decodeBatch([columnOf('BINARY')], message);
    message.fill(0x55);
    expect(rows).toEqual([[new Uint8Array([0xff, 0, 0xc3])], [new Uint8Array()]]);
    expect(rows[0]?.[0]).not.toBeInstanceOf(Buffer);
  });
});

describe('INT96', () => {
  const column = columnOf('INT96');

  test('without data is null in every row', () => {
    const bytes = craft.batch(3, craft.vector({ size: 3, type: 4 }));
    expect(decodeBatch([column], bytes)).toEqual([[null], [null], [null]]);
  });

  test.each([[false], [true]])('with data is not supported (constant: %s)', (constant) => {
    const data = [3, field(1, LIST, list(I64, i64(1n)))] as const;
    const bytes = craft.batch(1, craft.vector({ size: 1, type: 4, nulls: [false], constant, data }));
    expect(() => decodeBatch([column], bytes)).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED_VECTOR_TYPE',
        message: expect.stringContaining('column "v"'),
      }),
    );
  });
});

test('a vector type that is not known is not supported', () => {
  for (const type of [17, -1, 2_147_483_647]) {
    const bytes = craft.batch(1, craft.vector({ size: 1, type, nulls: [false] }));
    expect(() => decodeBatch([columnOf('LONG')], bytes)).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED_VECTOR_TYPE',
        message: expect.stringContaining(`type ${type}`),
      }),
    );
  }
});

describe('what the vector says', () => {
  test('counts more than the type of the column', () => {
    const bytes = encodeBatch([columnOf('STRING')], [['a']]);
    expect(decodeBatch([columnOf('LONG')], bytes)).toEqual([['a']]);
    expect(decodeBatch([columnOf('SOMETHING_NEW')], bytes)).toEqual([['a']]);
  });

  test('NULL has no value, whatever data and marks come with it', () => {
    const data = [10, field(1, craft.I8, '00')] as const;
    const bytes = craft.batch(
      2,
      craft.vector({ size: 2, type: 14, nulls: [false, false], constant: true, data }),
    );
    expect(decodeBatch([columnOf('NULL')], bytes)).toEqual([[null], [null]]);
  });

  test('a constant null needs no data of its type', () => {
    const data = [10, field(1, craft.I8, '00')] as const;
    const bytes = craft.batch(2, craft.vector({ size: 2, type: 6, nulls: [true], constant: true, data }));
    expect(decodeBatch([columnOf('LONG')], bytes)).toEqual([[null], [null]]);
  });

  test('a byte order mark and U+FFFD are text like any other', () => {
    const rows = [['\uFEFFa'], ['\uFFFD'], ['\u0000']];
    expect(decodeBatch([columnOf('STRING')], encodeBatch([columnOf('STRING')], rows))).toEqual(rows);
  });

  test('values at null positions are not looked at', () => {
    const data = [7, field(1, LIST, list(STRING, craft.binary('ff'), text('b')))] as const;
    const bytes = craft.batch(2, craft.vector({ size: 2, type: 7, nulls: [true, false], data }));
    expect(decodeBatch([columnOf('STRING')], bytes)).toEqual([[null], ['b']]);
  });
});

test('every name of a column type that the engine uses has its vector', () => {
  for (const type of VECTOR_TYPES) expect(vectorTypeOf(type)).toBe(type);
  expect(['INT', 'SHORT', 'BYTE', 'CHAR'].map(vectorTypeOf)).toEqual([
    'INTEGER',
    'INTEGER',
    'INTEGER',
    'STRING',
  ]);
  expect(vectorTypeOf('VARCHAR')).toBeUndefined();
});
