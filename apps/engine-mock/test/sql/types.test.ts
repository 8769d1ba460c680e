import { VECTOR_TYPES } from '@holdfast/strategy-client/wire';
import { afterAll, expect, test } from 'vitest';
import { openSqlEngine } from '../../src/sql/open-sql-engine.js';
import { openEngine, readAll } from './support.js';

/** For tests that change nothing. */
const shared = openSqlEngine();
afterAll(() => shared.close());

test('declared types reach the client as vector types, values exact', () => {
  const { columns, rows } = openEngine().ask('SELECT * FROM orders ORDER BY id LIMIT 3', { schema: 'sales' });
  expect(columns).toEqual([
    { name: 'id', type: 'LONG', zone: '', format: '' },
    { name: 'customer_id', type: 'LONG', zone: '', format: '' },
    { name: 'status', type: 'STRING', zone: '', format: '' },
    { name: 'ordered_at', type: 'TIMESTAMP_TZ', zone: 'Europe/Berlin', format: '' },
    { name: 'total', type: 'DECIMAL128', zone: '', format: '' },
    { name: 'discount', type: 'DOUBLE', zone: '', format: '' },
    { name: 'ship_to', type: 'STRUCT', zone: '', format: '' },
  ]);
  expect(rows).toEqual([
    [1001n, 1n, 'paid', '2026-01-31T18:05:12.500000+01:00', '289.95', 0.1, '{"city":"Lagos","zip":"100001"}'],
    [
      1002n,
      2n,
      'shipped',
      '2026-02-01T09:00:00.000000+01:00',
      '39.90',
      null,
      '{"city":"Uppsala","zip":"75105"}',
    ],
    [1003n, 5n, 'paid', '2026-03-29T03:30:00.000000+02:00', '2490.00', 0.25, null],
  ]);
});

test.each([
  ["SELECT thumbnail FROM sales.products WHERE sku = 'PEN-99'", 'BINARY', Uint8Array.of(0, 255)],
  ["SELECT tags FROM sales.products WHERE sku = 'PEN-99'", 'ARRAY', '[]'],
  ["SELECT attributes FROM sales.products WHERE sku = 'LAMP-01'", 'MAP', '{"colour":"black"}'],
  ["SELECT weight_kg FROM sales.products WHERE sku = 'PEN-99'", 'FLOAT', 0.015625],
  ["SELECT stock FROM sales.products WHERE sku = 'PEN-99'", 'INTEGER', 10_000],
  ['SELECT signed_up FROM sales.customers WHERE id = 4', 'DATE', '2020-02-29'],
  ['SELECT is_active FROM sales.customers WHERE id = 3', 'BOOLEAN', false],
  ['SELECT name FROM sales.customers WHERE id = 5', 'STRING', '江口 栄子'],
  ['SELECT started_at FROM ops.deployments WHERE id = 2', 'DATETIME', '2026-02-02T04:00:00.250000+00:00'],
  ['SELECT calibration FROM lab.sensors WHERE id = 1', 'DECIMAL128', '0.998001'],
  ['SELECT 9007199254740993 + 0', 'LONG', 9007199254740993n],
  ['SELECT -9223372036854775808', 'LONG', -9223372036854775808n],
  ['SELECT 0.5', 'DOUBLE', 0.5],
  ["SELECT 'it\\'s' || ' ''so'''", 'STRING', "it's 'so'"],
  ["SELECT x'00ff'", 'BINARY', Uint8Array.of(0, 255)],
  ['SELECT NULL', 'STRING', null],
  ['SELECT TRUE', 'LONG', 1n],
])('%s is a %s', (sql, type, value) => {
  const { columns, rows } = readAll(shared.prepare({ sql, catalog: '', schema: '' }).execute());
  expect(columns[0]?.type).toBe(type);
  expect(rows).toEqual([[value]]);
});

test('an expression has one type for all its rows', () => {
  const engine = openEngine();
  const both = engine.ask('SELECT column1 FROM (VALUES (1), (2.5), (NULL))');
  expect(both.columns[0]?.type).toBe('DOUBLE');
  expect(both.rows).toEqual([[1], [2.5], [null]]);
  const text = engine.ask("SELECT column1 FROM (VALUES (1), ('b'))");
  expect(text.rows).toEqual([['1'], ['b']]);
  expect(() => openEngine({ batchRows: 1 }).ask('SELECT column1 FROM (VALUES (1), (2.5))')).toThrow(
    "column column1 is '2.5' in row 2, which does not fit LONG; cast it to one type",
  );
});

test('a value that its column cannot carry is an error each time, never the end of rows', () => {
  const engine = openEngine({ batchRows: 2 });
  engine.ask("INSERT INTO lab.sensors VALUES (0, 'x', 'yesterday', 1)");
  for (const [sql, message] of [
    ['SELECT installed FROM lab.sensors ORDER BY id', "column installed is 'yesterday' in row 1"],
    ['SELECT installed FROM lab.sensors ORDER BY id DESC', "column installed is 'yesterday' in row 4"],
  ] as const) {
    const result = engine.start(sql);
    const read = (): number => {
      let batches = 0;
      for (; result.nextBatch().length > 0; batches += 1);
      return batches;
    };
    expect(read).toThrow(message);
    expect(read).toThrow(message);
  }
});

test('the computed catalog has all vector types, nulls, wide decimals, zones and constant vectors', () => {
  const engine = openEngine();
  const all = engine.ask('SELECT * FROM builtin.types.vectors');
  expect(all.columns.map(({ type }) => type)).toEqual(VECTOR_TYPES);
  const [first] = all.rows;
  expect(all.rows[1]?.every((value) => value === null)).toBe(true);
  expect(first).toEqual([
    Uint8Array.of(0, 127, 128, 255),
    true,
    -0.1,
    1.5,
    null,
    -2147483648,
    9223372036854775807n,
    'naïve 日本 🚀',
    '1969-12-31',
    '1969-12-31T23:59:59.999999+00:00',
    '2026-02-12T00:00:00.123456+00:00',
    '{"city":"Cork","zip":"T12"}',
    '{"colour":"black"}',
    '[1,2,3]',
    null,
    '2026-02-12T05:30:00.123456+05:30',
    '123.45',
  ]);
  const constant = engine.ask('SELECT * FROM builtin.types.constants');
  expect(constant.rows).toHaveLength(1_000);
  expect(constant.rows.at(-1)).toEqual(first);
  expect(engine.start('SELECT * FROM builtin.types.constants').nextBatch().length).toBeLessThan(20_000);
  const wide = engine.rows('SELECT scale_0, scale_38 FROM builtin.types.decimals LIMIT 2');
  expect(wide[1]).toEqual([`-${'9'.repeat(38)}`, `-0.${'9'.repeat(38)}`]);
  const zones = engine.rows('SELECT zulu, ahead, behind, berlin FROM types.zones');
  expect(zones).toEqual([
    [
      '2026-02-12T00:00:00.123456+00:00',
      '2026-02-12T05:30:00.123456+05:30',
      '2026-02-11T20:30:00.123456-03:30',
      '2026-02-12T01:00:00.123456+01:00',
    ],
    [
      '2026-03-29T01:00:00.000000+00:00',
      '2026-03-29T06:30:00.000000+05:30',
      '2026-03-28T21:30:00.000000-03:30',
      '2026-03-29T03:00:00.000000+02:00',
    ],
    [
      '1969-12-31T12:00:00.000001+00:00',
      '1969-12-31T17:30:00.000001+05:30',
      '1969-12-31T08:30:00.000001-03:30',
      '1969-12-31T13:00:00.000001+01:00',
    ],
    [null, null, null, null],
  ]);
});
