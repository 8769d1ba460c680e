import { describe, expect, test } from 'vitest';
import { decodeMetadata, MAX_COLUMNS } from '../../src/wire/index.js';
import * as craft from './craft.js';

/** Metadata with one column of that name, in hexadecimal. */
function named(hex: string): Uint8Array {
  const name = craft.i16(hex.length / 2) + hex;
  return craft.bytes(`${craft.i64(1n)}${craft.i32(1)}${name}${craft.i16(0).repeat(3)}`);
}

describe('texts', () => {
  test.each([
    ['plain UTF-8', 'c3a9f09f9880', 'é😀'],
    ["Java's surrogates", 'c3a9eda0bdedb880', 'é😀'],
    ["Java's NUL", '61c08062', 'a\u0000b'],
    ['a plain NUL', '610062', 'a\u0000b'],
    ['U+FFFD, which stands for nothing else', 'efbfbd', '\uFFFD'],
    ['a byte order mark', 'efbbbf61', '\uFEFFa'],
    ['nothing', '', ''],
  ])('%s', (_what, hex, name) => {
    expect(decodeMetadata(named(hex)).columns[0]?.name).toBe(name);
  });

  test.each([
    ['a lone upper surrogate', 'eda0bd'],
    ['a lone lower surrogate', 'edb880'],
    ['surrogates the wrong way round', 'edb880eda0bd'],
    ['a cut sequence', 'c3'],
    ['a cut sequence of three', 'e282'],
    ['a continuation without a start', '80'],
    ['another overlong sequence than that of NUL', 'c081'],
    ['an overlong sequence of three', 'e08081'],
    ['plain and modified mixed', 'f09f9880c080'],
    ['a byte that no form has', 'ff'],
  ])('%s is malformed', (_what, hex) => {
    expect(() => decodeMetadata(named(hex))).toThrow(
      expect.objectContaining({ code: 'MALFORMED', offset: 14, name: 'MalformedBytes' }),
    );
  });
});

test('what follows the last column is ignored', () => {
  const bytes = Buffer.concat([named('61'), Buffer.from('more')]);
  expect(decodeMetadata(bytes).columns).toHaveLength(1);
});

test('bytes in the middle of others are read where they are', () => {
  const inside = Buffer.concat([Buffer.from('before'), named('61'), Buffer.from('after')]).subarray(6);
  expect(decodeMetadata(inside).columns[0]?.name).toBe('a');
});

test.each([
  ['nothing', '', 0],
  ['no count', '0000000000000001', 8],
  ['a negative count', '0000000000000001ffffffff', 8],
  ['a count beyond the bytes', '00000000000000017fffffff0000', 8],
  ['a text beyond the bytes', `000000000000000100000001ffff${'61'.repeat(8)}`, 14],
  [
    'more columns than allowed',
    `0000000000000001${craft.i32(MAX_COLUMNS + 1)}${'00'.repeat(8 * (MAX_COLUMNS + 1))}`,
    8,
  ],
])('%s is malformed', (_what, hex, offset) => {
  expect(() => decodeMetadata(craft.bytes(hex))).toThrow(
    expect.objectContaining({ code: 'MALFORMED', offset }),
  );
});
