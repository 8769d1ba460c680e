import { describe, expect, test } from 'vitest';
import { decodeBatch, decodeMetadata, encodeBatch, MAX_NESTING } from '../../src/wire/index.js';
import * as craft from './craft.js';
import { bytesOf, columnOf, engineVectors } from './vectors.js';

const { field, list, struct, text, i8, i32, i64, BOOL, I32, I64, LIST, MAP, STRING, STRUCT } = craft;

const LONG = columnOf('LONG');
const oneLong = [3, field(1, LIST, list(I64, i64(1n)))] as const;
const malformed = expect.objectContaining({ code: 'MALFORMED', offset: expect.any(Number) });

/** A batch of one LONG vector of two rows, with these things changed. */
function longs(changes: Partial<craft.HandMadeVector>): Uint8Array {
  const data = [3, field(1, LIST, list(I64, i64(1n), i64(2n)))] as const;
  return craft.batch(2, craft.vector({ size: 2, type: 6, nulls: [false, false], data, ...changes }));
}

describe('cut anywhere', () => {
  test.each(engineVectors.metadata)('metadata: $name', ({ hex }) => {
    const bytes = bytesOf(hex);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => decodeMetadata(bytes.subarray(0, length))).toThrow(malformed);
    }
  });

  test.each(engineVectors.vectors)('batch: $name', ({ batchHex, column }) => {
    const bytes = bytesOf(batchHex);
    for (let length = 1; length < bytes.length; length += 1) {
      expect(() => decodeBatch([column], bytes.subarray(0, length))).toThrow(malformed);
    }
  });
});

test('what follows a batch is ignored', () => {
  const bytes = Buffer.concat([longs({}), Buffer.from('more')]);
  expect(decodeBatch([LONG], bytes)).toEqual([[1n], [2n]]);
});

describe('the end of a result', () => {
  test.each([
    ['no bytes', new Uint8Array()],
    ['a batch of no rows', craft.bytes(struct(field(1, I32, i32(0))))],
    ['a batch of a negative number of rows', craft.batch(-1, craft.vector({ size: 5, type: 6 }))],
  ])('%s', (_what, bytes) => {
    expect(decodeBatch([LONG], bytes)).toEqual([]);
  });
});

describe('vectors that do not agree with their batch', () => {
  test.each<[string, Uint8Array]>([
    ['fewer than columns', craft.batch(1)],
    ['of fewer rows', longs({ size: 1 })],
    ['of more rows', longs({ size: 3 })],
    ['of a negative number of rows', longs({ size: -2 })],
    ['with fewer values than rows', longs({ data: oneLong })],
    ['with fewer marks than rows', longs({ nulls: [false] })],
    ['without marks', craft.batch(1, craft.vector({ size: 1, type: 6, data: oneLong }))],
    ['constant without marks', longs({ constant: true, nulls: [], data: [11, field(1, I64, i64(1n))] })],
    ['without data', craft.batch(1, craft.vector({ size: 1, type: 6, nulls: [false] }))],
    ['with the data of another type', longs({ type: 7 })],
    ['with a list where a constant is due', longs({ constant: true })],
    ['with a constant where a list is due', longs({ data: [11, field(1, I64, i64(1n))] })],
    ['with elements of another type', longs({ data: [3, field(1, LIST, list(I32, i32(1), i32(2)))] })],
    ['with no list in the member', longs({ data: [3] })],
    [
      'with a mark that is neither true nor false',
      craft.bytes(Buffer.from(longs({})).toString('hex').replace('02000000020000', '02000000020002')),
    ],
  ])('%s', (_what, bytes) => {
    expect(() => decodeBatch([LONG], bytes)).toThrow(malformed);
  });

  test('fewer marks than rows, where what follows looks like one', () => {
    const data = field(4, STRUCT, struct(field(3, STRUCT, struct(...oneLong.slice(1).map(String)))));
    const marks = field(3, LIST, list(BOOL));
    const bytes = craft.batch(1, struct(field(1, I32, i32(1)), field(2, I32, i32(6)), data, marks));
    expect(() => decodeBatch([LONG], bytes)).toThrow(/"v" has 0 null marks, not 1/);
  });

  test.each([[1], [3]])('%d rows in a batch of 2, with all that these need', (size) => {
    const values = Array.from({ length: size }, () => i64(1n));
    const data = [3, field(1, LIST, list(I64, ...values))] as const;
    const bytes = longs({ size, nulls: values.map(() => false), data });
    expect(() => decodeBatch([LONG], bytes)).toThrow(`"v" has ${size} rows in a batch of 2`);
  });

  test('fewer zones than rows', () => {
    const times = field(1, LIST, list(I64, i64(1n), i64(2n)));
    const bytes = longs({ type: 15, data: [16, times, field(2, LIST, list(STRING, text('Z')))] });
    expect(() => decodeBatch([columnOf('TIMESTAMP_TZ')], bytes)).toThrow(malformed);
  });

  test('a decimal without a scale', () => {
    const bytes = craft.batch(
      1,
      craft.vector({
        size: 1,
        type: 16,
        nulls: [false],
        data: [17, field(1, LIST, list(STRING, text('1')))],
      }),
    );
    expect(() => decodeBatch([columnOf('DECIMAL128')], bytes)).toThrow(malformed);
  });

  test('a constant INTEGER of more than 32 bits', () => {
    const bytes = longs({ type: 5, constant: true, data: [11, field(1, I64, i64(2n ** 31n))] });
    expect(() => decodeBatch([columnOf('INTEGER')], bytes)).toThrow(malformed);
  });

  test('a text that is not UTF-8', () => {
    const bytes = craft.batch(
      1,
      craft.vector({
        size: 1,
        type: 7,
        nulls: [false],
        data: [7, field(1, LIST, list(STRING, craft.binary('c3')))],
      }),
    );
    expect(() => decodeBatch([columnOf('STRING')], bytes)).toThrow(malformed);
  });

  test('more values, marks and vectors than are needed do no harm', () => {
    const data = [3, field(1, LIST, list(I64, i64(1n), i64(2n), i64(3n)))] as const;
    const first = craft.vector({ size: 2, type: 6, nulls: [false, false, true], data });
    const bytes = craft.batch(
      2,
      first,
      craft.vector({ size: 99, type: 99 }),
      struct(field(1, STRING, text('x'))),
    );
    expect(decodeBatch([LONG], bytes)).toEqual([[1n], [2n]]);
  });
});

describe('fields', () => {
  test('of our numbers but another type are malformed', () => {
    for (const bytes of [
      struct(field(1, I64, i64(1n))),
      struct(field(1, I32, i32(1)), field(2, STRING, text('x'))),
      struct(field(1, I32, i32(1)), field(2, LIST, list(I32, i32(1)))),
      struct(field(1, I32, i32(1)), field(2, LIST, list(STRUCT, struct(field(1, I64, i64(1n)))))),
    ]) {
      expect(() => decodeBatch([LONG], craft.bytes(bytes))).toThrow(malformed);
    }
  });

  test('that are not known are skipped, whatever is in them', () => {
    const strange = [
      field(90, MAP, i8(STRING) + i8(LIST) + i32(1) + text('k') + list(BOOL, '01')),
      field(91, STRUCT, struct(field(1, LIST, list(STRUCT, struct(), struct())))),
      field(92, 14, list(I64, i64(1n))),
      field(93, 6, '0001'),
      field(94, 16, '00'.repeat(16)),
      field(95, MAP, i8(I32) + i8(I64) + i32(1) + i32(1) + i64(1n)),
      field(-1, LIST, i8(0) + i32(0)),
      field(6, STRING, text('+01:00')),
    ].join('');
    const plain = Buffer.from(longs({})).toString('hex');
    const end = plain.slice(0, -2).replace(/00$/, `${strange}00`);
    expect(decodeBatch([LONG], craft.bytes(`${end}${strange}00`))).toEqual([[1n], [2n]]);
  });

  test.each([
    ['an unknown type', field(90, 1, '')],
    ['elements of an unknown type', field(90, LIST, i8(1) + i32(1))],
    ['a negative length', field(90, STRING, i32(-1))],
  ])('with %s are malformed', (_what, strange) => {
    expect(() => decodeBatch([LONG], craft.bytes(`${strange}${struct(field(1, I32, i32(0)))}`))).toThrow(
      malformed,
    );
  });

  test.each([
    ['a list of structs', field(90, LIST, i8(STRUCT) + i32(2_147_483_647))],
    ['a map', field(90, MAP, i8(I64) + i8(I64) + i32(2_147_483_647))],
    ['a text', field(90, STRING, i32(2_147_483_647))],
    ['the list of vectors', field(2, LIST, i8(STRUCT) + i32(2_147_483_647))],
  ])('with %s that claims more than is there are malformed before any of it is read', (_what, claim) => {
    const bytes = craft.bytes(claim + struct(field(1, I32, i32(0))));
    expect(() => decodeBatch([LONG], bytes)).toThrow(
      /claims 2147483647 elements, more than the bytes that are left/,
    );
  });

  test.each<[string, (levels: number) => string]>([
    ['structs', (levels) => field(90, STRUCT, `${i8(STRUCT)}0001`.repeat(levels) + '00'.repeat(levels + 1))],
    ['lists', (levels) => field(90, LIST, (i8(LIST) + i32(1)).repeat(levels) + i8(I32) + i32(0))],
  ])('of %s are skipped down to a depth', (_what, nested) => {
    const end = struct(field(1, I32, i32(0)));
    expect(decodeBatch([LONG], craft.bytes(nested(MAX_NESTING - 1) + end))).toEqual([]);
    expect(() => decodeBatch([LONG], craft.bytes(nested(MAX_NESTING) + end))).toThrow(malformed);
    expect(() => decodeBatch([LONG], craft.bytes(nested(100_000) + end))).toThrow(malformed);
  });
});

describe('batches that claim more than they bring', () => {
  const claim = (size: number): Uint8Array =>
    craft.batch(
      size,
      craft.vector({ size, type: 6, nulls: [false], constant: true, data: [11, field(1, I64, i64(7n))] }),
    );

  test.each([[1_048_577], [2_147_483_647]])('a constant of %d rows is refused', (size) => {
    expect(() => decodeBatch([LONG], claim(size))).toThrow(
      expect.objectContaining({
        code: 'MESSAGE_TOO_LARGE',
        message: expect.stringContaining(`claims ${size} rows`),
      }),
    );
  });

  test('limits can be set', () => {
    expect(decodeBatch([LONG], claim(1_000), { maxRows: 1_000 })).toHaveLength(1_000);
    const tooLarge = expect.objectContaining({ code: 'MESSAGE_TOO_LARGE' });
    expect(() => decodeBatch([LONG], claim(1_001), { maxRows: 1_000 })).toThrow(tooLarge);
    const columns = Array.from({ length: 10 }, () => columnOf('NULL'));
    const rows = Array.from({ length: 100 }, () => columns.map(() => null));
    const wide = encodeBatch(columns, rows);
    expect(decodeBatch(columns, wide, { maxCells: 1_000 })).toHaveLength(100);
    expect(() => decodeBatch(columns, wide, { maxCells: 999 })).toThrow(tooLarge);
    expect(() => decodeBatch([], craft.batch(2_000_000))).toThrow(tooLarge);
  });

  test.each([[0], [1.5], [Number.NaN], [2 ** 31]])('but not to %d', (maxRows) => {
    const invalid = expect.objectContaining({ code: 'INVALID_ARGUMENT' });
    expect(() => decodeBatch([LONG], claim(1), { maxRows })).toThrow(invalid);
    expect(() =>
      decodeBatch([LONG], claim(1), { maxCells: maxRows === 2 ** 31 ? 2 ** 40 : maxRows }),
    ).toThrow(invalid);
  });
});
