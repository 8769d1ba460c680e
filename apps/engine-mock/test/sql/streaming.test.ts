import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeBatch } from '@holdfast/strategy-client/wire';
import { expect, test } from 'vitest';
import { openSqlEngine } from '../../src/sql/open-sql-engine.js';
import { RowResult } from '../../src/sql/row-result.js';
import { openEngine, readAll, tempFolder } from './support.js';

const READINGS = 'SELECT id, celsius FROM lab.readings ORDER BY id';

test('batches end after 8,192 rows, or before 1 MiB', () => {
  const engine = openEngine();
  const byRows = engine.ask(READINGS);
  expect(byRows).toMatchObject({ batches: [8192, 1808], rowCount: 10_000n });
  const bySize = engine.start('SELECT * FROM builtin.generated.texts LIMIT 3000');
  const sizes: number[] = [];
  for (let batch = bySize.nextBatch(); batch.length > 0; batch = bySize.nextBatch()) sizes.push(batch.length);
  expect(sizes).toHaveLength(3);
  for (const size of sizes.slice(0, -1)) {
    expect(size).toBeGreaterThan(1_040_000);
    expect(size).toBeLessThanOrEqual(1024 * 1024);
  }
  expect(bySize.delivered).toBe(3_000n);
});

test('a row beyond the size goes alone', () => {
  const { batches } = openEngine({ batchBytes: 300 }).ask(
    "SELECT column1 FROM (VALUES ('a'), (replace(hex(zeroblob(400)), '00', 'b')), ('c'), ('d'))",
  );
  expect(batches).toEqual([1, 1, 2]);
});

test('open results neither block writers nor each other, and see none of the later writes', () => {
  const engine = openEngine({ batchRows: 100 });
  const open = Array.from({ length: 64 }, () => engine.start(READINGS));
  for (const result of open) expect(decodeBatch([...result.columns], result.nextBatch())).toHaveLength(100);
  expect(engine.rows('DELETE FROM lab.readings WHERE id > 4000')).toEqual([[6_000n]]);
  expect(engine.rows("INSERT INTO desired_groups VALUES ('new')")).toEqual([[1n]]);
  expect(engine.rows('SELECT count(*) FROM lab.readings')).toEqual([[4_000n]]);
  const [first, second, ...others] = open;
  for (const result of [first, second]) {
    expect(result?.rowCount).toBe(10_000n);
    expect(result && readAll(result).rows).toHaveLength(9_900);
    expect(result?.delivered).toBe(10_000n);
  }
  for (const result of others) {
    result.close();
    result.close();
    expect(result.nextBatch()).toHaveLength(0);
  }
  expect(engine.ask(READINGS).rows).toHaveLength(4_000);
});

test('too many open results are refused until one ends', () => {
  const engine = openEngine({ batchRows: 1 });
  const open = Array.from({ length: 128 }, () => engine.start('VALUES (1), (2)'));
  expect(() => engine.start('VALUES (1), (2)')).toThrow('128 results are open');
  open[0]?.close();
  expect(engine.rows('VALUES (1), (2)')).toHaveLength(2);
});

test('an error while rows are read closes the result and frees its connection', () => {
  const engine = openEngine({ batchRows: 1 });
  for (let turn = 0; turn < 200; turn += 1) {
    const result = engine.start('SELECT abs(column1) FROM (VALUES (1), (2), (-9223372036854775807 - 1))');
    expect(() => readAll(result)).toThrow('integer overflow');
  }
  expect(() => engine.start('SELECT abs(column1) FROM (VALUES (-9223372036854775807 - 1))')).toThrow(
    'integer overflow',
  );
});

test('10^6 rows come in batches, their number known before', () => {
  const result = openEngine().start('SELECT n FROM builtin.generated.numbers LIMIT 1000000');
  expect(result.rowCount).toBe(1_000_000n);
  let batches = 0;
  let last = result.nextBatch();
  for (let batch = last; batch.length > 0; batch = result.nextBatch()) {
    batches += 1;
    last = batch;
  }
  expect(batches).toBe(123);
  expect(decodeBatch([...result.columns], last).at(-1)).toEqual([1_000_000n]);
  expect(result.delivered).toBe(1_000_000n);
});

test('no row is read before its batch is asked for, none after the result is closed', () => {
  let read = 0n;
  function* rows(): Generator<[bigint]> {
    for (; read < 1_000_000n; read += 1n) yield [read];
  }
  const result = new RowResult({
    columns: [{ name: 'n', type: 'LONG', zone: '', format: '' }],
    rowCount: 1_000_000n,
    rows: rows(),
    limits: { batchRows: 100, batchBytes: 1_000_000 },
  });
  for (let batches = 1n; batches <= 3n; batches += 1n) {
    result.nextBatch();
    expect(read).toBeLessThanOrEqual(batches * 100n);
  }
  result.close();
  expect(result.nextBatch()).toHaveLength(0);
  expect(read).toBeLessThanOrEqual(300n);
});

test('a result of many rows from SQLite is streamed too', () => {
  const result = openEngine().start('SELECT a.id FROM lab.readings a, ops.deployments b, ops.incidents c');
  expect(result.rowCount).toBe(90_000n);
  expect(readAll(result).rows).toHaveLength(90_000);
});

test('data outlives the engine in its folder, and a new folder is seeded', () => {
  const dataDir = join(tempFolder(), 'deep', 'data');
  const first = openSqlEngine({ dataDir });
  const run = (engine: typeof first, sql: string) =>
    readAll(engine.prepare({ sql, catalog: '', schema: '' }).execute()).rows;
  run(first, 'DELETE FROM desired_groups');
  run(first, "INSERT INTO desired_groups VALUES ('mine')");
  const reading = first.prepare({ sql: READINGS, catalog: '', schema: '' }).execute();
  first.close();
  first.close();
  expect(reading.nextBatch()).toHaveLength(0);
  expect(() => run(first, 'SELECT 1')).toThrow('the engine is closed');
  expect(readdirSync(dataDir).sort()).toEqual(['hive.ops.db', 'hive.sales.db', 'iceberg.lab.db']);
  const second = openSqlEngine({ dataDir });
  expect(run(second, 'SELECT group_id FROM desired_groups')).toEqual([['mine']]);
  second.close();
});

test('a folder that cannot be used is named', () => {
  const dataDir = tempFolder();
  writeFileSync(join(dataDir, 'hive.ops.db'), 'no database, and long enough to be read as one'.repeat(100));
  const code = 'DATA_INVALID';
  expect(() => openSqlEngine({ dataDir })).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining('hive.ops.db cannot be used') }),
  );
  const file = join(dataDir, 'hive.ops.db');
  expect(() => openSqlEngine({ dataDir: file })).toThrow(expect.objectContaining({ code }));
  expect(existsSync(file)).toBe(true);
});

test.each([
  [{ batchRows: 0 }, 'batchRows is 0; it must be a whole number from 1 to 1000000'],
  [{ batchBytes: 1.5 }, 'batchBytes is 1.5; it must be a whole number from 1 to 67108864'],
])('%j is refused', (options, message) => {
  expect(() => openSqlEngine(options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', message }));
});
