import { describe, expect, it } from 'vitest';
import { MAX_PARAMETERS, typedParameters } from '../../src/parameters/index.js';
import { refusal } from './refusal.js';

const day = new Date('2026-02-12T05:30:00.123Z');

describe('inferred types', () => {
  it.each([
    ['a text', 'x', 'STRING', 'x'],
    ['true', true, 'BOOLEAN', 'true'],
    ['an integer', -2_147_483_648, 'INTEGER', '-2147483648'],
    ['a longer integer', 2_147_483_648, 'LONG', '2147483648'],
    ['a fraction', 0.1, 'DOUBLE', '0.1'],
    ['minus zero', -0, 'DOUBLE', '-0'],
    ['an integer beyond 2^53', 1e21, 'DOUBLE', '1e+21'],
    ['a bigint', 2n ** 63n - 1n, 'LONG', '9223372036854775807'],
    ['a longer bigint', 2n ** 63n, 'DECIMAL128', '9223372036854775808'],
    ['a Date', day, 'DATETIME', '2026-02-12T05:30:00.123Z'],
    ['bytes', Uint8Array.of(1, 171), 'BINARY', '01ab'],
    ['null', null, 'NULL', ''],
  ])('%s', (_, value, type, text) => {
    expect(typedParameters([value])).toEqual([{ index: 1, type, value: text }]);
  });

  it('counts from 1, in order', () => {
    expect(typedParameters(['a', 'b']).map(({ index }) => index)).toEqual([1, 2]);
  });
});

describe('explicit types', () => {
  it.each([
    ['DECIMAL128', '1.50', '1.50'],
    ['DECIMAL128', 1.5, '1.5'],
    ['DECIMAL128', -7n, '-7'],
    ['DECIMAL128', `-0.${'9'.repeat(38)}`, `-0.${'9'.repeat(38)}`],
    ['LONG', 7, '7'],
    ['LONG', '+7', '7'],
    ['INTEGER', 7n, '7'],
    ['DOUBLE', 7, '7'],
    ['DOUBLE', 'NaN', 'NaN'],
    ['FLOAT', '-Infinity', '-Infinity'],
    ['DOUBLE', '1.5e-3', '1.5e-3'],
    ['BOOLEAN', 'false', 'false'],
    ['DATE', day, '2026-02-12'],
    ['DATE', '2026-02-12', '2026-02-12'],
    ['TIMESTAMP', day, '2026-02-12T05:30:00.123Z'],
    ['TIMESTAMP_TZ', '2026-02-12T05:30:00.123456+05:30', '2026-02-12T05:30:00.123456+05:30'],
    ['STRING', 'type', 'type'],
  ] as const)('%s of %s', (type, value, text) => {
    expect(typedParameters([{ type, value }])).toEqual([{ index: 1, type, value: text }]);
  });

  it('null has the type NULL, whatever was said', () => {
    expect(typedParameters([{ type: 'LONG', value: null }])).toEqual([{ index: 1, type: 'NULL', value: '' }]);
  });

  it.each([
    ['INTEGER', 2_147_483_648, 'no whole number of 32 bits'],
    ['INTEGER', 1.5, 'no whole number of 32 bits'],
    ['LONG', 2n ** 63n, 'no whole number of 64 bits'],
    ['LONG', 2 ** 53, 'give a bigint'],
    ['LONG', '1.5', 'is string that LONG cannot hold'],
    ['LONG', '9223372036854775808', 'no whole number of 64 bits'],
    ['DECIMAL128', '1e5', "give digits such as '1.50'"],
    ['DECIMAL128', 1e21, 'DECIMAL128 cannot hold'],
    ['DECIMAL128', '1'.repeat(39), 'has 39 digits'],
    ['DECIMAL128', 10n ** 38n, 'more than 38 digits'],
    ['DECIMAL128', true, 'is boolean'],
    ['DOUBLE', Number.NaN, 'is NaN'],
    ['DOUBLE', 'abc', 'DOUBLE cannot hold'],
    ['BOOLEAN', 1, 'BOOLEAN cannot hold'],
    ['STRING', 1, 'STRING cannot hold'],
    ['STRING', '\udc00', 'half a surrogate pair'],
    ['BINARY', 'ff', 'give a Uint8Array'],
    ['DATE', '12.2.2026', 'YYYY-MM-DD'],
    ['DATETIME', 'now', 'ISO 8601'],
    ['NULL', 1, 'give null'],
    ['VARCHAR', 'x', 'give one of BOOLEAN, INTEGER'],
  ])('refuses %s of %s', (type, value, why) => {
    expect(refusal(() => typedParameters(['first', { type, value }]))).toContain(why);
    expect(refusal(() => typedParameters(['first', { type, value }]))).toContain('parameter 2');
  });
});

describe('limits', () => {
  it.each([
    ['an array', [1], 'one ? for each'],
    ['an object', { a: 1 }, 'is an object'],
    ['undefined', undefined, 'is undefined'],
    ['an invalid Date', new Date(Number.NaN), 'invalid Date'],
    ['NaN', Number.NaN, 'is NaN'],
  ])('refuses %s', (_, value, why) => {
    expect(refusal(() => typedParameters([value]))).toContain(why);
  });

  it('refuses a hole', () => {
    expect(refusal(() => typedParameters(new Array(1)))).toContain('parameter 1 is undefined');
  });

  it('refuses too many', () => {
    expect(typedParameters(new Array(MAX_PARAMETERS).fill(1))).toHaveLength(MAX_PARAMETERS);
    expect(refusal(() => typedParameters(new Array(MAX_PARAMETERS + 1).fill(1)))).toContain('at most 32766');
  });

  it('refuses what is no array', () => {
    // @ts-expect-error names belong to bindParameters
    expect(refusal(() => typedParameters({ id: 1 }))).toContain('one value per ?');
  });
});
