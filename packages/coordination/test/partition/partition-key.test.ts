import { describe, expect, it } from 'vitest';
import { CoordinationError } from '../../src/errors.js';
import { type PartitionKey, partitionBytes } from '../../src/partition/partition-key.js';

describe('an object is placed by', () => {
  it.each<[string, PartitionKey, string]>([
    ['its UTF-8, if it is text', 'чупакабра', 'чупакабра'],
    ['its digits, if it is an integer', 42, '42'],
    ['its digits, if it is a bigint', -(2n ** 70n), '-1180591620717411303424'],
    ['its text, if it is a fraction', 0.5, '0.5'],
    ['its text, if it is an object that has one', new URL('http://a/b'), 'http://a/b'],
    ['its text, if it is a list of texts', ['a', 'b'], 'a,b'],
  ])('%s', (_name, object, text) => {
    expect(Buffer.from(partitionBytes(object)).toString()).toBe(text);
  });

  it('the bytes of an id, if it is the text of one that is not UTF-8', () => {
    expect([...partitionBytes('\udcff')]).toStrictEqual([0xff]);
  });

  it('what it says itself', () => {
    class Job {
      toozHash(): Uint8Array {
        return Uint8Array.of(1, 2, 255);
      }
      toString(): string {
        return 'job';
      }
    }
    expect([...partitionBytes(new Job())]).toStrictEqual([1, 2, 255]);
  });

  // What Python's str() makes of them, taken from Python.
  it.each([
    ['78', `b'x'`],
    ['69742773', `b"it's"`],
    ['22', `b'"'`],
    ['27225c090a0d007f80ff', String.raw`b'\'"\\\t\n\r\x00\x7f\x80\xff'`],
    ['6772c3bc', String.raw`b'gr\xc3\xbc'`],
    ['', `b''`],
    ['201f7e', String.raw`b' \x1f~'`],
  ])('what Python calls it, if it is the bytes %s', (hex, text) => {
    expect(Buffer.from(partitionBytes(Buffer.from(hex, 'hex'))).toString('latin1')).toBe(text);
  });
});

describe('nothing is placed by chance', () => {
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a boolean, whose text Python writes with a capital', true],
    ['an object without a text of its own', {}],
    ['a Map', new Map()],
    ['a function', () => 1],
    ['an object whose toozHash() returns text', { toozHash: () => 'text' }],
  ])('%s is refused', (_name, object) => {
    const place = () => partitionBytes(object as PartitionKey);
    expect(place).toThrow(CoordinationError);
    expect(place).toThrow(/toozHash\(\)/);
  });
});
