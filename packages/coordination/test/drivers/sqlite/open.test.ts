import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { defineSqliteDriver, sqliteDriver } from '../../../src/drivers/sqlite/index.js';
import { migrate } from '../../../src/drivers/sqlite/migrate.js';
import { MIGRATIONS } from '../../../src/drivers/sqlite/migrations/index.js';
import { openClient } from '../embedded/support/client.js';
import { type TestFile, testFile } from './support/file.js';

let file: TestFile;

beforeEach(async () => {
  file = await testFile();
});

const refusal = (path = file.path): Promise<{ code: string; message: string }> =>
  openClient('a', sqliteDriver, { url: `sqlite:${path}`, clock: file.clock, timeoutMs: 1 }).then(
    () => {
      throw new Error('it was opened');
    },
    (error: { code: string; message: string }) => error,
  );

test('a new file is made, for its owner alone', async () => {
  await file.client('a');
  expect((await stat(file.path)).mode & 0o777).toBe(0o600);
});

test('all that was there is there again, but for what has ended', async () => {
  const a = await file.client('a');
  await a.join('g');
  await a.granted(1);
  await a.driver.close();
  const b = await file.client('b');
  expect(await b.members('g')).toEqual(['a']);
  expect(await b.acquire(1, { wait: false })).toEqual({ status: 'refused' });
});

describe('a place that cannot be used is an error of connection that names it', () => {
  test('no such folder', async () => {
    const path = join(dirname(file.path), 'none', 'x.db');
    expect(await refusal(path)).toMatchObject({
      code: 'CONNECTION',
      message: expect.stringMatching(/none is no folder; create it/),
    });
  });

  test('a folder in which nobody can write', async () => {
    expect(await refusal('/proc/x.db')).toMatchObject({
      code: 'CONNECTION',
      message: expect.stringMatching(/\/proc\/x\.db cannot be created.*let this user write the folder/),
    });
  });

  test('a folder in the file’s place', async () => {
    await mkdir(file.path);
    expect(await refusal()).toMatchObject({
      code: 'CONNECTION',
      message: expect.stringMatching(/it is no file/),
    });
  });
});

describe('a file that is something else is refused and left as it is', () => {
  const untouched = async (code: string, message: RegExp) => {
    const before = await readFile(file.path);
    expect(await refusal()).toMatchObject({ code, message: expect.stringMatching(message) });
    expect((await readFile(file.path)).equals(before)).toBe(true);
  };

  test('a text', async () => {
    await writeFile(file.path, 'a text that is long enough to be taken for a file of something '.repeat(20));
    await untouched('BACKEND', /coordination\.db cannot be opened: .*stop all its users and delete it/);
  });

  test('another application’s database', async () => {
    const db = file.stranger();
    db.exec('PRAGMA journal_mode = WAL; CREATE TABLE orders (id); INSERT INTO orders VALUES (1)');
    db.close();
    await untouched('BACKEND', /database of something else \(it has orders\); give it another path/);
  });

  test('a newer version’s', async () => {
    const a = await file.client('a');
    await a.driver.close();
    const db = file.stranger();
    db.exec('INSERT INTO coordination_migration VALUES (99, 0)');
    db.close();
    await untouched('BACKEND', /has schema 99, this version knows up to \d+; upgrade this process/);
  });
});

describe('migrations', () => {
  const wallMs = 1;

  test('from the beginning, and only what is missing', () => {
    const db = file.stranger();
    migrate(db, file.path, { wallMs });
    migrate(db, file.path, { wallMs, migrations: [...MIGRATIONS, 'CREATE TABLE later (x)'] });
    migrate(db, file.path, { wallMs, migrations: [...MIGRATIONS, 'CREATE TABLE later (x)'] });
    expect(db.prepare('SELECT count(*) FROM coordination_migration').pluck().get()).toBe(
      MIGRATIONS.length + 1,
    );
    expect(db.prepare('SELECT count(*) FROM later').pluck().get()).toBe(0);
    expect(() => migrate(db, file.path, { wallMs })).toThrow(/upgrade this process/);
  });

  test.each([...MIGRATIONS.keys()])('a file of version %d is used as one of today', async (version) => {
    const db = file.stranger();
    migrate(db, file.path, { wallMs, migrations: MIGRATIONS.slice(0, version) });
    const a = await file.client('a', { definition: defineSqliteDriver(() => null) });
    await a.join('g');
    await a.granted(1);
    expect(await a.members('g')).toEqual(['a']);
  });

  test('of an empty file, as a crash before the first commit leaves it', async () => {
    await writeFile(file.path, '');
    const a = await file.client('a');
    expect(await a.driver.createGroup('g')).toBe('created');
  });

  test('are all or nothing', () => {
    const db = file.stranger();
    db.exec('BEGIN IMMEDIATE');
    expect(() =>
      migrate(db, file.path, { wallMs, migrations: [...MIGRATIONS, 'CREATE NONSENSE'] }),
    ).toThrow();
    db.exec('ROLLBACK');
    expect(db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get()).toBe(0);
  });
});
