import { afterAll, expect, test } from 'vitest';
import { openSqlEngine } from '../../src/sql/open-sql-engine.js';
import { openEngine, readAll } from './support.js';

/** For tests that change nothing. */
const shared = openSqlEngine();
afterAll(() => shared.close());

const one = (type: string, value: string) => [{ index: 1, type, value }];

test.each([
  ['LONG', '-9223372036854775808', -9223372036854775808n],
  ['long', '+7', 7n],
  ['INTEGER', '2147483647', 2147483647n],
  ['DOUBLE', '-1.5e300', -1.5e300],
  ['FLOAT', '-Infinity', Number.NEGATIVE_INFINITY],
  ['BOOLEAN', 'true', 1n],
  ['STRING', "it's; -- \\", "it's; -- \\"],
  ['STRING', '', ''],
  ['BINARY', '00FF', Uint8Array.of(0, 255)],
  ['DECIMAL128', '1.50', '1.50'],
  ['DATE', '2026-02-12', '2026-02-12'],
  ['DATETIME', '2026-02-12T05:30:00.120Z', '2026-02-12 05:30:00.12'],
  ['DATETIME', '2026-02-12T00:30+05:30', '2026-02-11 19:00:00'],
  ['TIMESTAMP_TZ', '2026-02-12T05:30:00+01:00', '2026-02-12 05:30:00+01:00'],
  ['NULL', '', null],
])('a %s of %s is bound', (type, value, bound) => {
  const query = shared.prepare({ sql: 'SELECT ?', catalog: '', schema: '' });
  expect(readAll(query.execute(one(type, value))).rows).toEqual([[bound]]);
});

test.each([
  ['LONG', '9223372036854775808'],
  ['INTEGER', '2147483648'],
  ['LONG', '1.0'],
  ['LONG', ''],
  ['DOUBLE', 'NaN'],
  ['BOOLEAN', '1'],
  ['BINARY', 'abc'],
  ['DECIMAL128', '1e5'],
  ['DECIMAL128', '9'.repeat(39)],
  ['DATE', '2026-02-30'],
  ['DATETIME', '2026-02-12T24:00:00'],
  ['DATETIME', '2026-02-12T05:30:00.0000001'],
  ['TIMESTAMP_TZ', '2026-02-12T05:30:00+25:00'],
])('a %s of %s is refused', (type, value) => {
  const query = shared.prepare({ sql: 'SELECT ?', catalog: '', schema: '' });
  expect(() => query.execute(one(type, value))).toThrow(
    expect.objectContaining({
      name: 'SqlError',
      message: expect.stringContaining(`parameter 1 is '${value.slice(0, 30)}`),
    }),
  );
});

test('each ? needs one value', () => {
  const { engine } = openEngine();
  const query = engine.prepare({ sql: "SELECT ?, '?', ? -- ?", catalog: '', schema: '' });
  const param = (index: number) => ({ index, type: 'LONG', value: '1' });
  expect(() => query.execute()).toThrow('parameter 1 of 2 is missing');
  expect(() => query.execute([param(2)])).toThrow('parameter 1 of 2 is missing');
  expect(() => query.execute([param(1), param(1)])).toThrow('parameter 1 is given twice');
  expect(() => query.execute([param(0)])).toThrow('parameter index 0 is not one of 1 to 2');
  expect(() => query.execute([param(3)])).toThrow('parameter index 3 is not one of 1 to 2');
  expect(() => query.execute([{ index: 1, type: 'INT96', value: '1' }])).toThrow(
    'INT96 is no type of a parameter',
  );
});

test('a computed table takes its limits as parameters', () => {
  const rows = openEngine().rows('SELECT n FROM numbers LIMIT ? OFFSET ?', {
    schema: 'generated',
    params: [
      { index: 2, type: 'INTEGER', value: '10' },
      { index: 1, type: 'LONG', value: '2' },
    ],
  });
  expect(rows).toEqual([[11n], [12n]]);
});
