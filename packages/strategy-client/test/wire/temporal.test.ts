import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBatch, encodeBatch, type Value } from '../../src/wire/index.js';
import * as craft from './craft.js';
import { columnOf } from './vectors.js';

/** The text that an instant of that type is decoded as. */
function decoded(type: string, micros: bigint, zones?: string): Value | undefined {
  const options = zones === undefined ? {} : { vectors: [{ zones }] };
  return decodeBatch([columnOf(type)], encodeBatch([columnOf(type)], [[micros]], options))[0]?.[0];
}

/** The microseconds that a text is encoded as. */
function encoded(text: string): bigint {
  const bytes = encodeBatch([columnOf('DATETIME')], [[text]]);
  const [row] = decodeBatch([columnOf('LONG')], asLong(bytes));
  if (typeof row?.[0] !== 'bigint') throw new Error('no LONG came back');
  return row[0];
}

/** A DATETIME batch of one row with the marks of a LONG one, to see the number in it. */
function asLong(bytes: Uint8Array): Uint8Array {
  const hex = Buffer.from(bytes).toString('hex');
  return craft.bytes(hex.replace('08000200000009', '08000200000006').replace('0c00040c0010', '0c00040c0003'));
}

const CYCLE_MICROS = 146_097n * 86_400_000_000n;

/** The text of an instant by way of `Date`, moved into its reach by periods after which the calendar repeats. */
function byDate(micros: bigint): string {
  let cycles = 0n;
  let near = micros;
  while (near < 0n) {
    near += CYCLE_MICROS;
    cycles -= 1n;
  }
  cycles += near / CYCLE_MICROS;
  near %= CYCLE_MICROS;
  const iso = new Date(Number(near / 1_000n)).toISOString();
  const year = BigInt(iso.slice(0, 4)) + cycles * 400n;
  const digits = (year < 0n ? -year : year).toString().padStart(4, '0');
  const sign = year < 0n ? '-' : year > 9_999n ? '+' : '';
  return `${sign}${digits}${iso.slice(4, 23)}${(near % 1_000n).toString().padStart(3, '0')}+00:00`;
}

describe('instants of all 64 bits', () => {
  const int64 = fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n);
  const ordinary = fc.bigInt(-4_000_000_000_000_000n, 8_000_000_000_000_000n);

  test('are told as Date tells them', () => {
    fc.assert(
      fc.property(fc.oneof(int64, ordinary), (micros) => {
        expect(decoded('DATETIME', micros)).toBe(byDate(micros));
        expect(decoded('DATE', micros)).toBe(byDate(micros).split('T')[0]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('are told and read back exactly', () => {
    fc.assert(
      fc.property(fc.oneof(int64, ordinary), (micros) => {
        expect(encoded(String(decoded('DATETIME', micros)))).toBe(micros);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    [0n, '1970-01-01T00:00:00.000000+00:00'],
    [-1n, '1969-12-31T23:59:59.999999+00:00'],
    [-43_200_000_000n, '1969-12-31T12:00:00.000000+00:00'],
    [951_782_400_000_000n, '2000-02-29T00:00:00.000000+00:00'],
    [253_402_300_799_999_999n, '9999-12-31T23:59:59.999999+00:00'],
    [253_402_300_800_000_000n, '+10000-01-01T00:00:00.000000+00:00'],
    [-62_167_219_200_000_000n, '0000-01-01T00:00:00.000000+00:00'],
    [-62_167_219_200_000_001n, '-0001-12-31T23:59:59.999999+00:00'],
    [2n ** 63n - 1n, '+294247-01-10T04:00:54.775807+00:00'],
    [-(2n ** 63n), '-290308-12-21T19:59:05.224192+00:00'],
  ])('%d is %s', (micros, text) => {
    expect(decoded('DATETIME', micros)).toBe(text);
    expect(decoded('TIMESTAMP', micros)).toBe(text);
    expect(decoded('TIMESTAMP_TZ', micros)).toBe(text);
    expect(decoded('DATE', micros)).toBe(text.slice(0, text.indexOf('T')));
  });
});

describe('zones', () => {
  test.each([
    ['Z', 0n, '1970-01-01T00:00:00.000000+00:00'],
    ['', 0n, '1970-01-01T00:00:00.000000+00:00'],
    ['+05:30', -1n, '1970-01-01T05:29:59.999999+05:30'],
    ['-03:30', 0n, '1969-12-31T20:30:00.000000-03:30'],
    ['+14:00', 0n, '1970-01-01T14:00:00.000000+14:00'],
    ['UTC', 0n, '1970-01-01T00:00:00.000000+00:00'],
    // An hour that is there twice, and one that is not there.
    ['America/New_York', 1_730_611_800_000_000n, '2024-11-03T01:30:00.000000-04:00'],
    ['America/New_York', 1_730_615_400_000_000n, '2024-11-03T01:30:00.000000-05:00'],
    ['America/New_York', 1_710_053_999_999_999n, '2024-03-10T01:59:59.999999-05:00'],
    ['America/New_York', 1_710_054_000_000_000n, '2024-03-10T03:00:00.000000-04:00'],
    // The change to standard time, within an hour and from an offset with seconds.
    ['America/New_York', -2_717_650_800_000_001n, '1883-11-18T12:03:57.999999-04:56:02'],
    ['America/New_York', -2_717_650_800_000_000n, '1883-11-18T12:00:00.000000-05:00'],
    ['Asia/Kathmandu', 1_770_000_000_000_000n, '2026-02-02T08:25:00.000000+05:45'],
    // Beyond what Date knows; 400 years are a whole number of weeks, so the rules come back.
    ['America/New_York', 2n ** 63n - 1n, '+294247-01-09T23:00:54.775807-05:00'],
    ['America/New_York', -(2n ** 63n), '-290308-12-21T15:03:03.224192-04:56:02'],
  ])('in %s, %d is %s', (zone, micros, text) => {
    expect(decoded('TIMESTAMP_TZ', micros, zone)).toBe(text);
    // The second time from what is remembered.
    expect(decoded('TIMESTAMP_TZ', micros, zone)).toBe(text);
  });

  test('offsets that are remembered are those that Date gives', () => {
    const zone = fc.constantFrom(
      'America/New_York',
      'Europe/Dublin',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
    );
    const seconds = fc.integer({ min: -3_000_000_000, max: 4_000_000_000 });
    fc.assert(
      fc.property(zone, seconds, (timeZone, second) => {
        const format = new Intl.DateTimeFormat('sv-SE', {
          timeZone,
          dateStyle: 'short',
          timeStyle: 'medium',
        });
        const local = format.format(second * 1_000).replace(' ', 'T');
        expect(decoded('TIMESTAMP_TZ', BigInt(second) * 1_000_000n, timeZone)).toMatch(local);
      }),
      { numRuns: 300 },
    );
  });

  test('more zones than are remembered', () => {
    for (let minutes = 0; minutes < 1_400; minutes += 1) {
      const clock = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
      expect(decoded('TIMESTAMP_TZ', 0n, `+${clock}`)).toBe(`1970-01-01T${clock}:00.000000+${clock}`);
    }
  });

  test.each([['Mars/Olympus'], ['+24:00'], ['+05:60'], ['+0530'], ['z'], ['x'.repeat(100)]])(
    'the zone %s is unknown, which is an error',
    (zone) => {
      expect(() => decoded('TIMESTAMP_TZ', 0n, zone)).toThrow(
        expect.objectContaining({
          code: 'VALUE_OUT_OF_RANGE',
          message: expect.stringMatching(/column "v", row 0: the time zone ".{1,40}" is unknown/),
        }),
      );
    },
  );

  test('no zones at all are UTC', () => {
    const data = [16, craft.field(1, craft.LIST, craft.list(craft.I64, craft.i64(0n)))] as const;
    const bytes = craft.batch(1, craft.vector({ size: 1, type: 15, nulls: [false], data }));
    expect(decodeBatch([columnOf('TIMESTAMP_TZ')], bytes)).toEqual([['1970-01-01T00:00:00.000000+00:00']]);
  });

  test('DATETIME ignores the zone', () => {
    const data = [
      14,
      craft.field(1, craft.I64, craft.i64(0n)),
      craft.field(2, craft.STRING, craft.text('+05:30')),
    ] as const;
    const bytes = craft.batch(1, craft.vector({ size: 1, type: 9, nulls: [false], constant: true, data }));
    expect(decodeBatch([columnOf('DATETIME')], bytes)).toEqual([['1970-01-01T00:00:00.000000+00:00']]);
  });
});

describe('texts that the encoder takes', () => {
  test.each([
    ['1970-01-01', 0n],
    ['1970-01-01T00:00', 0n],
    ['1970-01-01 00:00:01', 1_000_000n],
    ['1970-01-01T00:00:00.5', 500_000n],
    ['1970-01-01T05:30:00+05:30', 0n],
    ['1970-01-01T00:00:00Z', 0n],
    ['1883-11-18T12:03:58-04:56:02', -2_717_650_800_000_000n],
    ['-0001-12-31T23:59:59.999999Z', -62_167_219_200_000_001n],
  ])('%s', (text, micros) => {
    expect(encoded(text)).toBe(micros);
  });

  test.each([
    ['2023-02-29'],
    ['2024-00-10'],
    ['2024-13-10'],
    ['2024-04-31'],
    ['1970-01-01T24:00:00'],
    ['1970-01-01T00:60:00'],
    ['1970-01-01T00:00:60'],
    ['1970-01-01T00:00:00.1234567'],
    ['1970-01-01T00:00:00+24:00'],
    ['today'],
    ['+294247-01-10T04:00:54.775808Z'],
    ['-290308-12-21T19:59:05.224191Z'],
  ])('not %s', (text) => {
    expect(() => encoded(text)).toThrow(expect.objectContaining({ code: 'VALUE_OUT_OF_RANGE' }));
  });
});
