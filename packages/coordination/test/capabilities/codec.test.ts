import { describe, expect, it } from 'vitest';
import {
  type Capability,
  CapabilityExtension,
  decodeCapabilities,
  encodeCapabilities,
} from '../../src/capabilities/index.js';
import { SerializationError } from '../../src/errors.js';
import oslo from './golden/oslo.json' with { type: 'json' };
import golden from './golden/vectors.json' with { type: 'json' };

const hexOf = (value: Capability): string => Buffer.from(encodeCapabilities(value)).toString('hex');
const decoded = (hex: string): unknown => decodeCapabilities(Buffer.from(hex, 'hex'));

describe('bytes of Python tooz', () => {
  const given = new Map<string, Capability>([
    ['absent', null],
    ['empty map', {}],
    ['true', true],
    ['weight', { weight: 1 }],
    ['nested', { type: 'worker', slots: [1, 2, 3], nested: { a: null, b: -33, c: 128 } }],
    ['float', { load: 0.5 }],
    ['big', { n: 2n ** 31n, m: 2n ** 63n }],
  ]);
  it.each(golden.vectors)('$name is written as Python writes it, and read again', ({ name, hex }) => {
    const value = given.get(name);
    expect(value).toBeDefined();
    expect(hexOf(value ?? null)).toBe(hex);
    const read = name === 'big' ? { n: 2 ** 31, m: 2n ** 63n } : value;
    expect(decoded(hex)).toStrictEqual(read);
  });

  it.each(oslo.vectors)('$name of oslo is read', ({ hex, value }) => {
    const read = decoded(hex);
    expect(read).toStrictEqual(expected(value));
  });
});

interface OsloValue {
  readonly text?: string;
  readonly extension?: number;
  readonly data?: string;
  readonly set?: readonly (number | string | OsloValue)[];
}

function expected(value: OsloValue): unknown {
  if (value.set)
    return new Set(value.set.map((member) => (typeof member === 'object' ? expected(member) : member)));
  if (value.extension !== undefined)
    return new CapabilityExtension(
      value.extension,
      new Uint8Array(Buffer.from(value.data ?? 'missing', 'hex')),
    );
  return value.text;
}

describe('integers take the shortest form, whatever type of JavaScript holds them', () => {
  it.each([
    [0, '00'],
    [127, '7f'],
    [128, 'cc80'],
    [255, 'ccff'],
    [256, 'cd0100'],
    [65_535, 'cdffff'],
    [65_536, 'ce00010000'],
    [2 ** 32 - 1, 'ceffffffff'],
    [2 ** 32, 'cf0000000100000000'],
    [2 ** 53 - 1, 'cf001fffffffffffff'],
    [-1, 'ff'],
    [-32, 'e0'],
    [-33, 'd0df'],
    [-128, 'd080'],
    [-129, 'd1ff7f'],
    [-32_768, 'd18000'],
    [-32_769, 'd2ffff7fff'],
    [-(2 ** 31), 'd280000000'],
    [-(2 ** 31) - 1, 'd3ffffffff7fffffff'],
    [-(2 ** 53) + 1, 'd3ffe0000000000001'],
  ])('%d is %s', (value, hex) => {
    expect(hexOf(value)).toBe(hex);
    expect(hexOf(BigInt(value))).toBe(hex);
    expect(decoded(hex)).toBe(value);
  });

  it.each([
    [2n ** 53n, 'cf0020000000000000'],
    [2n ** 64n - 1n, 'cfffffffffffffffff'],
    [-(2n ** 53n), 'd3ffe0000000000000'],
    [-(2n ** 63n), 'd38000000000000000'],
  ])('%d is %s and comes back as a bigint', (value, hex) => {
    expect(hexOf(value)).toBe(hex);
    expect(decoded(hex)).toBe(value);
  });

  it.each([
    ['cc05', 5],
    ['cd0005', 5],
    ['ce00000005', 5],
    ['cf0000000000000005', 5],
    ['d005', 5],
    ['d1ffff', -1],
    ['d2ffffffff', -1],
    ['d3ffffffffffffffff', -1],
    ['d90161', 'a'],
    ['da000161', 'a'],
    ['db0000000161', 'a'],
    ['dc000101', [1]],
    ['dd0000000101', [1]],
    ['de0001a16101', { a: 1 }],
    ['df00000001a16101', { a: 1 }],
    ['df00000001d9016101', { a: 1 }],
    ['ca3f000000', 0.5],
  ])('%s, longer than it has to be, is read', (hex, value) => {
    expect(decoded(hex)).toStrictEqual(value);
  });
});

describe('values', () => {
  it.each<[string, Capability, string]>([
    ['a float', 1.5, 'cb3ff8000000000000'],
    ['-0, which is 0', -0, '00'],
    ['a number too large for an exact integer', 2 ** 53, 'cb4340000000000000'],
    ['infinity', Number.POSITIVE_INFINITY, 'cb7ff0000000000000'],
    ['not a number', Number.NaN, 'cb7ff8000000000000'],
    ['bytes', Buffer.from('ab'), 'c4026162'],
    ['text of another script', 'ж', 'a2d0b6'],
    ['a Map', new Map([['a', 1]]), '81a16101'],
    ['a Set', new Set([1, 'a', null, true, Buffer.from('b')]), 'c709049501a161c0c3c40162'],
    ['an empty Set', new Set(), 'd40490'],
    ['a Set in a Set', new Set([new Set([1])]), 'c7050491d5059101'],
    ['a UUID for Python', new CapabilityExtension(0, Buffer.alloc(32, '0')), `c72000${'30'.repeat(32)}`],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), '81a16101'],
  ])('%s', (_name, value, hex) => {
    expect(hexOf(value)).toBe(hex);
    const again = encodeCapabilities(decodeCapabilities(Buffer.from(hex, 'hex')));
    if (!(value instanceof CapabilityExtension)) expect(Buffer.from(again).toString('hex')).toBe(hex);
  });

  it('undefined is dropped from a map, null is kept', () => {
    expect(hexOf({ a: undefined, b: null, c: 1 })).toBe('82a162c0a16301');
    expect(hexOf(null)).toBe('c0');
    expect(Buffer.from(encodeCapabilities(undefined)).toString('hex')).toBe('c0');
  });

  it('no capabilities of tooz up to 8.1 are null, but empty bytes within a map are bytes', () => {
    expect(decoded('c400')).toBeNull();
    expect(decoded('81a161c400')).toStrictEqual({ a: new Uint8Array() });
  });

  it('bytes are copied out of the reply that they came in', () => {
    const reply = Buffer.from('c40161d42a07', 'hex');
    const bytes = decodeCapabilities(reply.subarray(0, 3));
    const extension = decodeCapabilities(reply.subarray(3));
    reply.fill(0);
    expect(bytes).toStrictEqual(new Uint8Array([0x61]));
    expect(extension).toStrictEqual(new CapabilityExtension(42, new Uint8Array([7])));
  });

  it('keys: bytes appear as ids do, and the last of equal ones counts', () => {
    expect(decoded('81c401ff01')).toStrictEqual({ '\udcff': 1 });
    expect(decoded('82a16101a16102')).toStrictEqual({ a: 2 });
  });

  it('long lists, maps, texts and bytes are written and read', () => {
    const list = Array.from({ length: 70_000 }, (_, i) => i % 128);
    const map = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`key ${i}`, 'x'.repeat(i * 17)]));
    for (const value of [
      list,
      map,
      'y'.repeat(300),
      'z'.repeat(70_000),
      Buffer.alloc(300, 1),
      Buffer.alloc(70_000),
    ])
      expect(decodeCapabilities(encodeCapabilities(value))).toEqual(
        Buffer.isBuffer(value) ? new Uint8Array(value) : value,
      );
  });
});

describe('refusals', () => {
  const PROTO = Buffer.from('__proto__').toString('hex');
  class Instance {}
  const loop: Capability[] = [];
  loop.push(loop);
  const nested = (depth: number): Capability => {
    let value: Capability = 1;
    for (let i = 0; i < depth; i++) value = [value];
    return value;
  };

  it.each<[string, unknown, RegExp]>([
    ['a Date', { at: new Date(0) }, /^capabilities\.at is of class Date; give text/],
    ['an instance', [0, { a: new Instance() }], /^capabilities\[1\]\.a is of class Instance/],
    ['a function', { f: () => 1 }, /^capabilities\.f is of type function/],
    ['a symbol', Symbol('s'), /^capabilities is of type symbol/],
    ['undefined in a list', [1, undefined], /^capabilities\[1\] is of type undefined; give null/],
    ['a hole in a list', new Array(1), /^capabilities\[0\] is of type undefined/],
    [
      'a key that is no text',
      new Map([[1, 2]]),
      /has a key of type number, and Python reads keys of text only/,
    ],
    ['the key __proto__', { a: JSON.parse('{"__proto__":1}') }, /^capabilities\.a has the key __proto__/],
    ['an integer of 65 bits', { n: 2n ** 64n }, /^capabilities\.n is an integer of more than 64 bits/],
    ['a negative one', -(2n ** 63n) - 1n, /more than 64 bits; give it as text/],
    ['half a surrogate pair', 'a\ud800', /half a surrogate pair; give bytes/],
    ['half a surrogate pair in a key', { 'a\ud800': 1 }, /half a surrogate pair/],
    ['a list in a Set', { s: new Set([[1]]) }, /^capabilities\.s\[0\] is a list or a map in a Set/],
    [
      'a map in a Set in a Set',
      new Set([new Set([{}])]),
      /^capabilities\[0\]\[0\] is a list or a map in a Set/,
    ],
    [
      'a negative extension',
      new CapabilityExtension(-1, Buffer.alloc(4)),
      /type -1; give a type from 0 to 127/,
    ],
    ['a list in itself', loop, /nested deeper than 511, or in itself/],
    ['deep nesting', nested(512), /nested deeper than 511/],
    ['more than 1 MiB', { a: 'x'.repeat(2 ** 20) }, /^capabilities\.a goes over 1048576 bytes/],
    [
      'more than 1 MiB in parts',
      [Buffer.alloc(2 ** 19), Buffer.alloc(2 ** 19)],
      /^capabilities\[1\] goes over/,
    ],
    ['more than 1 MiB of integers', new Array(130_000).fill(2 ** 40), /^capabilities goes over/],
  ])('%s is not written', (_name, value, message) => {
    const write = () => encodeCapabilities(value as Capability);
    expect(write).toThrow(SerializationError);
    expect(write).toThrow(message);
  });

  it('a list that has another twice, and so on, is not written, which ends in time', () => {
    let twice: Capability = 1;
    for (let i = 0; i < 60; i++) twice = [twice, twice];
    expect(() => encodeCapabilities(twice)).toThrow(/goes over 1048576 bytes/);
  });

  it('as deep as Python writes is written and read', () => {
    const bytes = encodeCapabilities(nested(511));
    expect(bytes).toHaveLength(512);
    expect(decodeCapabilities(bytes)).toStrictEqual(nested(511));
  });

  it.each<[string, string, RegExp]>([
    ['nothing', '', /1 values wanted at 0, of 0/],
    ['an unknown head', 'c1', /Unrecognized type byte: 0xc1/],
    ['trailing bytes', 'c0c0', /1 bytes follow after the value/],
    ['trailing bytes after a map', '81a1610100', /1 bytes follow/],
    ['a map without all of its values', '82a16101', /4 values wanted at 1/],
    ['a text cut short', 'a361', /3 bytes wanted at 1, of 2/],
    ['a text whose length is cut short', 'da01', /2 bytes wanted/],
    ['a list that claims four thousand million values', 'ddffffffff', /4294967295 values wanted/],
    ['a map that claims as many', 'dfffffffff01', /8589934590 values wanted/],
    ['bytes that claim as many', 'c6ffffffff00', /4294967295 bytes wanted/],
    ['a text that claims as many', 'dbffffffff00', /4294967295 bytes wanted/],
    ['an extension that claims as many', 'c9ffffffff0400', /4294967296 bytes wanted/],
    ['lists that claim too much together', 'dd00002710'.repeat(4_000), /19999 values wanted at 10, of 20000/],
    ['a number cut short', 'cb00', /8 bytes wanted at 1, of 2/],
    ['text that is not UTF-8', 'a2c328', /the text at 1 is not UTF-8/],
    ['a long text that is not UTF-8', `d928${'61'.repeat(39)}ff`, /the text at 2 is not UTF-8/],
    ['an integer as a key', '810101', /a key is number, and Python reads keys of text only/],
    ['null as a key', '81c001', /a key is object/],
    ['a list as a key', '819001', /a key is object/],
    ['an extension as a key', `81c72000${'30'.repeat(32)}01`, /a key is object/],
    ['the key __proto__', `81a9${PROTO}81a16101`, /key __proto__ is not allowed/],
    ['the key __proto__ as bytes', `81c409${PROTO}81a16101`, /key __proto__ is not allowed/],
    ['lists deeper than Python writes', `${'91'.repeat(512)}01`, /nested deeper than 511/],
    ['a hundred thousand lists', `${'91'.repeat(100_000)}01`, /nested deeper than 511/],
    ['sets in sets in sets', nestedSets(600), /nested deeper than 511/],
    ['a UUID cut short', 'd5003030', /extension of type 0/],
    ['a UUID of other characters', `c72000${'2d'.repeat(32)}`, /extension of type 0/],
    ['a date that is no map', 'd40701', /extension of type 7/],
    ['a set that is no list', 'd40401', /extension of type 4/],
    ['a set with trailing bytes', 'd5049000', /1 bytes follow/],
  ])('%s is not read', (_name, hex, message) => {
    const read = () => decodeCapabilities(Buffer.from(hex, 'hex'));
    expect(read).toThrow(SerializationError);
    expect(read).toThrow(message);
  });

  it.each<[string, Capability]>([
    ['without a day', { year: 2026, month: 1 }],
    ['with a negative day', { year: 2026, month: 1, day: -1 }],
    ['with a month of text', { year: 2026, month: '1', day: 1 }],
    ['with a day that is no integer', { year: 2026, month: 1, day: 1.5 }],
    ['with a year of five digits', { year: 20_260, month: 1, day: 1 }],
  ])('a date %s is not read', (_name, date) => {
    const bytes = encodeCapabilities(new CapabilityExtension(7, encodeCapabilities(date)));
    expect(() => decodeCapabilities(bytes)).toThrow(/extension of type 7 whose data oslo would not write/);
  });

  it('a datetime of Python 2, whose keys and zone are bytes, is read', () => {
    const fields = { day: 1, month: 2, year: 2016, hour: 3, minute: 4, second: 5, microsecond: 0 };
    const text = Buffer.from(encodeCapabilities({ ...fields, tz: Buffer.from('UTC') })).toString('latin1');
    const bytes = Buffer.from(
      text.replace(
        /[\xa2-\xab](?=[a-z])/g,
        (head) => `\xc4${String.fromCharCode(head.charCodeAt(0) - 0xa0)}`,
      ),
      'latin1',
    );
    expect(decodeCapabilities(encodeCapabilities(new CapabilityExtension(1, bytes)))).toBe(
      '2016-02-01T03:04:05[UTC]',
    );
  });

  it('sets within sets are read', () => {
    let depth = 0;
    for (let set = decoded(nestedSets(100)); set instanceof Set; [set] = set) depth++;
    expect(depth).toBe(100);
  });

  /** Frozen sets, each the only member of the next. */
  function nestedSets(depth: number): string {
    let data = Buffer.from('90', 'hex');
    for (let i = 0; i < depth; i++) {
      const head = Buffer.from('c90000000005', 'hex');
      head.writeUInt32BE(data.length, 1);
      data = Buffer.concat([Buffer.from(i === depth - 1 ? '' : '91', 'hex'), head, data]);
    }
    return data.toString('hex');
  }
});
