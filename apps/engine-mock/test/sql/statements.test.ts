import { afterAll, expect, test } from 'vitest';
import { openSqlEngine } from '../../src/sql/open-sql-engine.js';
import { openEngine } from './support.js';

/** For tests that change nothing. */
const shared = openSqlEngine();
afterAll(() => shared.close());

test('names work bare, with their schema, and with their catalog', () => {
  const engine = openEngine();
  for (const [sql, ask] of [
    ['SELECT count(*) FROM orders', { catalog: 'hive', schema: 'sales' }],
    ['SELECT count(*) FROM sales.orders', {}],
    ['SELECT count(*) FROM hive.sales.orders', { catalog: 'iceberg' }],
    ['SELECT count(*) FROM "HIVE".`sales`.[orders] AS o WHERE hive.sales.o.id > 0', { schema: 'LAB' }],
    ['SELECT count(hive.sales.orders.id) FROM hive . sales . orders', {}],
    ['SELECT count(DISTINCT o.id) FROM hive.sales.orders o, iceberg.lab.sensors s', {}],
    // Where the own schema has no such table, the others are asked.
    ['SELECT count(*) FROM orders', { catalog: 'iceberg', schema: 'lab' }],
  ] as const) {
    expect({ sql, rows: engine.rows(sql, ask) }).toEqual({ sql, rows: [[4n]] });
  }
});

test('the own schema is asked first', () => {
  const engine = openEngine();
  expect(engine.rows('SELECT count(*) FROM sensors', { schema: 'lab' })).toEqual([[3n]]);
  expect(engine.rows('SELECT count(*) FROM desired_groups')).toEqual([[6n]]);
});

test('INSERT, UPDATE and DELETE say how many rows they changed, once for each execution', () => {
  const engine = openEngine();
  const insert = engine.engine.prepare({
    sql: 'INSERT INTO desired_groups VALUES (?), (?)',
    catalog: '',
    schema: '',
  });
  const values = ['a', 'b'].map((value, at) => ({ index: at + 1, type: 'STRING', value }));
  const result = insert.execute(values);
  expect(engine.rows('SELECT count(*) FROM desired_groups')).toEqual([[8n]]);
  result.close();
  expect(() => insert.execute(values)).toThrow('UNIQUE constraint failed: desired_groups.group_id');
  const update = engine.ask("UPDATE hive.ops.desired_groups SET group_id = 'c' WHERE group_id = 'a';");
  expect(update.columns).toEqual([{ name: 'rows_affected', type: 'LONG', zone: '', format: '' }]);
  expect(update).toMatchObject({ rows: [[1n]], rowCount: 1n });
  expect(engine.rows("DELETE FROM desired_groups WHERE group_id IN ('b', 'c')")).toEqual([[2n]]);
  const returned = engine.ask("INSERT INTO desired_groups VALUES ('z') RETURNING group_id, 1");
  expect(returned.rows).toEqual([['z', 1n]]);
  expect(engine.rows('WITH n(x) AS (VALUES (1)) DELETE FROM desired_groups')).toEqual([[7n]]);
});

test('text may have the escapes that clients of the engine write', () => {
  const [row] = openEngine().rows(
    String.raw`SELECT 'a\'b', 'c\\', 'd\n\r\te', 'f''g', 'h\%i', 'j"k', '"', "two words" FROM (SELECT 1 AS "two words") -- ' ; "`,
  );
  expect(row).toEqual(["a'b", 'c\\', 'd\n\r\te', "f'g", 'h\\%i', 'j"k', '"', 1n]);
});

test.each([
  ['', 'the statement is empty'],
  [' ; ', 'the statement is empty'],
  ['SELECT 1; SELECT 2', 'only one statement can be sent at a time'],
  ["ATTACH 'x' AS y", 'ATTACH is not run here; use one of SELECT, VALUES, WITH, INSERT'],
  ['PRAGMA journal_mode = DELETE', 'PRAGMA is not run here'],
  ["/* */ VACUUM INTO 'x'", 'VACUUM is not run here'],
  ['BEGIN', 'BEGIN is not run here'],
  ['CREATE TABLE x (y)', 'CREATE is not run here'],
  ['SELECT * FROM pragma_journal_mode', 'pragma_journal_mode is not available'],
  ["SELECT readfile('/etc/hostname')", 'no such function: readfile'],
  ['UPDATE sqlite_schema SET sql = 1', 'may not be modified'],
  ['SELEC 1', 'SELEC is not run here'],
  ['SELECT * FROM missing', 'no such table: missing'],
  ['SELECT missing', 'no such column: missing'],
  ['SELECT 1 +', 'incomplete input'],
  ["SELECT 'a", "the ' at character 8 is never closed"],
  ['SELECT 1 /* a', 'the comment at character 10 is never closed'],
  ['SELECT :name', 'parameter :name has a name; use ? and give values by index'],
  ['SELECT ?1', 'parameter ?1 has a name'],
  ['SELECT * FROM nowhere.sales.orders', 'nowhere in nowhere.sales is neither a catalog nor a schema'],
  ['SELECT * FROM hive.lab.sensors', 'no schema lab in catalog hive; it has ops, sales'],
  ['SELECT * FROM builtin.types.nothing', 'no table builtin.types.nothing; there are vectors, nulls'],
  [
    'SELECT n + 1 FROM builtin.generated.numbers',
    'builtin.generated.numbers is computed and understands only',
  ],
  ['SELECT n, FROM builtin.generated.numbers', 'understands only'],
  ['SELECT m FROM builtin.generated.numbers', 'no such column: m in builtin.generated.numbers'],
  ['SELECT n FROM builtin.generated.numbers WHERE n = 1', 'understands only'],
  ['DELETE FROM builtin.generated.numbers', 'understands only'],
])('%s is refused', (sql, message) => {
  expect(() => shared.prepare({ sql, catalog: '', schema: '' })).toThrow(
    expect.objectContaining({ name: 'SqlError', message: expect.stringContaining(message) }),
  );
});

test('a long text is refused, and so is an extension', () => {
  const sql = `SELECT '${'x'.repeat(1024 * 1024)}'`;
  expect(() => shared.prepare({ sql, catalog: '', schema: '' })).toThrow(
    'the statement is longer than 1048576 bytes',
  );
  expect(() => shared.prepare({ sql: `SELECT ${'('.repeat(100_000)}`, catalog: '', schema: '' })).toThrow(
    'the statement has more than 100000 words and signs',
  );
  const load = shared.prepare({ sql: "SELECT load_extension('x')", catalog: '', schema: '' });
  expect(() => load.execute()).toThrow(
    expect.objectContaining({ name: 'SqlError', message: 'not authorized' }),
  );
});

test('catalog and schema of the client are checked', () => {
  const { engine } = openEngine();
  expect(() => engine.prepare({ sql: 'SELECT 1', catalog: 'x', schema: '' })).toThrow(
    'no catalog x; there are hive, iceberg, builtin',
  );
  expect(() => engine.prepare({ sql: 'SELECT 1', catalog: '', schema: 'x' })).toThrow(
    'no schema x in catalog hive; it has ops, sales',
  );
});

test('the catalogs can be looked through', () => {
  const { engine } = openEngine();
  expect(engine.schemas('hive')).toEqual(['ops', 'sales']);
  expect(engine.schemas('')).toEqual(['ops', 'sales']);
  expect(engine.schemas('builtin')).toEqual(['types', 'generated']);
  expect(engine.tables({ catalog: 'hive', schema: 'sales' })).toEqual([
    'customers',
    'order_items',
    'orders',
    'products',
  ]);
  expect(engine.tables({ catalog: '', schema: '' })).toEqual(['deployments', 'desired_groups', 'incidents']);
  expect(engine.tables({ catalog: 'builtin', schema: 'generated' })).toEqual(['numbers', 'texts']);
  expect(engine.columns({ catalog: 'iceberg', schema: 'lab', table: 'sensors' })).toEqual([
    { fieldName: 'id', fieldType: 'LONG' },
    { fieldName: 'site', fieldType: 'STRING' },
    { fieldName: 'installed', fieldType: 'DATE' },
    { fieldName: 'calibration', fieldType: 'DECIMAL128' },
  ]);
  expect(engine.columns({ catalog: '', schema: 'generated', table: 'NUMBERS' })).toHaveLength(2);
  expect(() => engine.columns({ catalog: 'hive', schema: 'ops', table: 'sensors' })).toThrow(
    'no table sensors in hive.ops',
  );
});

test('explain and dryRun run nothing', () => {
  const test = openEngine();
  const ask = (sql: string) => ({ sql, catalog: '', schema: '' });
  expect(test.engine.explain(ask('SELECT * FROM sales.orders WHERE id = ?'))).toContain(
    'SEARCH sales.orders USING',
  );
  expect(test.engine.explain(ask('SELECT * FROM builtin.types.zones'))).toBe('COMPUTE builtin.types.zones');
  expect(test.engine.dryRun(ask('SELECT id, total * 2 AS twice FROM sales.orders'))).toBe(
    'reads id LONG, twice (by its values)',
  );
  expect(test.engine.dryRun(ask('DELETE FROM desired_groups'))).toBe('writes');
  expect(test.engine.dryRun(ask('SELECT n FROM builtin.generated.numbers'))).toBe('reads n LONG');
  expect(() => test.engine.dryRun(ask('SELECT x'))).toThrow('no such column: x');
  expect(test.rows('SELECT count(*) FROM desired_groups')).toEqual([[6n]]);
});
