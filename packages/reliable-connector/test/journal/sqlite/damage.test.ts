import { readFile, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, test } from 'vitest';
import { openSqliteJournal } from '../../../src/journal/sqlite/index.js';
import { committed } from '../conformance/world.js';
import { stranger } from './connections.js';
import { joined, opened, testPath } from './session.js';

let path = '';

/** A journal with 50 sagas, closed: everything is in the main file. */
beforeEach(async () => {
  path = await testPath();
  const { journal, session } = await joined(path);
  await Promise.all(Array.from({ length: 50 }, (_, i) => committed(session, `group${i}`)));
  await session.release();
  await journal.close();
});

async function refusal(): Promise<{ code: string; message: string }> {
  return openSqliteJournal(path).then(
    async (journal) => {
      await journal.close();
      throw new Error('the journal was opened');
    },
    (error: { code: string; message: string }) => error,
  );
}

describe('scenario 11: a damaged journal is refused and left as it is', () => {
  const damages: readonly [string, () => Promise<void>][] = [
    ['its header overwritten', () => overwrite(0, 100)],
    ['its schema page overwritten', () => overwrite(100, 3_000)],
    ['an inner page overwritten', () => overwrite(4_096 * 6, 4_096)],
    ['its second half gone', async () => truncate(path, Math.floor((await stat(path)).size / 8192) * 4096)],
    [
      'another text in its place',
      () => writeFile(path, 'not a database, but long enough to look like a file'),
    ],
  ];

  test.each(damages)('%s', async (_, damage) => {
    await damage();
    const before = await readFile(path);
    const { code, message } = await refusal();
    expect(code).toBe('JOURNAL_DAMAGED');
    expect(message).toContain(path);
    expect(message).toContain('restore a backup');
    expect((await readFile(path)).equals(before)).toBe(true);
  });

  test('emptied', async () => {
    await truncate(path, 0);
    expect(await refusal()).toMatchObject({
      code: 'JOURNAL_DAMAGED',
      message: expect.stringContaining('is empty'),
    });
    expect((await stat(path)).size).toBe(0);
  });

  test('deleted', async () => {
    await rename(path, join(dirname(path), 'elsewhere'));
    expect(await refusal()).toMatchObject({
      code: 'JOURNAL_DAMAGED',
      message: expect.stringContaining('is gone'),
    });
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('a damaged page that is met later stops the journal', async () => {
    const { session, journal } = await joined(path);
    const db = stranger(path);
    db.unsafeMode(true);
    db.pragma('writable_schema = ON');
    db.exec(`UPDATE sqlite_schema SET rootpage = 9999 WHERE name = 'catalog'`);
    db.pragma('schema_version = 999');
    db.close();
    await expect(session.catalogEntry('group1')).rejects.toMatchObject({ code: 'JOURNAL_STOPPED' });
    await expect(session.saga(1)).rejects.toMatchObject({ code: 'JOURNAL_STOPPED' });
    await journal.close();
  });
});

describe('what is not this version’s journal', () => {
  test('a newer schema is refused by its number', async () => {
    const db = new Database(path);
    db.exec('INSERT INTO migration VALUES (99, 0)');
    db.close();
    const { code, message } = await refusal();
    expect(code).toBe('JOURNAL_TOO_NEW');
    expect(message).toMatch(/schema 99.*upgrade/);
  });

  test('a database of something else', async () => {
    path = await testPath();
    const db = new Database(path);
    db.exec('CREATE TABLE customers (id INTEGER)');
    db.close();
    expect(await refusal()).toMatchObject({
      code: 'JOURNAL_DAMAGED',
      message: expect.stringContaining('customers'),
    });
  });

  test.each(['', ':memory:', 'file:x?mode=memory'])('%j is no path', async (given) => {
    await expect(openSqliteJournal(given)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  test('a folder', async () => {
    path = dirname(path);
    expect(await refusal()).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  test('a sound one opens as before', async () => {
    expect(await (await opened(path)).check()).toEqual({ ok: true, problems: [] });
  });
});

async function overwrite(from: number, length: number): Promise<void> {
  const bytes = await readFile(path);
  bytes.fill(0x5a, from, from + length);
  await writeFile(path, bytes);
}
