import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, test } from 'vitest';
import { failed } from '../../../src/drivers/sqlite/sqlite-error.js';
import type { Client } from '../embedded/support/client.js';
import { type TestFile, testFile } from './support/file.js';

let file: TestFile;
let a: Client;

beforeEach(async () => {
  file = await testFile();
  a = await file.client('a');
});

test('a damaged page is an error that says what to do', async () => {
  for (let i = 0; i < 300; i++) await a.driver.createGroup(`group ${i}`);
  await a.driver.close();
  const { size } = await stat(file.path);
  const handle = await open(file.path, 'r+');
  for (let at = 4_096; at < size; at += 4_096) await handle.write(Buffer.alloc(4_096, 0x5a), 0, 4_096, at);
  await handle.close();
  const call = file.client('b').then((b) => b.driver.listGroups());
  await expect(call).rejects.toMatchObject({
    code: 'BACKEND',
    message: expect.stringMatching(/SQLITE_CORRUPT.*stop all its users and delete it/),
  });
});

test('a full disk is an error that says what to do', () => {
  const db = new Database(':memory:');
  db.exec('CREATE TABLE t (x)');
  db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`);
  let error: unknown;
  try {
    db.prepare('INSERT INTO t VALUES (zeroblob(100000))').run();
  } catch (thrown) {
    error = thrown;
  }
  db.close();
  expect(failed('/x.db', 'acquire', error)).toMatchObject({
    code: 'BACKEND',
    message: expect.stringMatching(/acquire on \/x\.db failed: .*\(SQLITE_FULL\); make room/),
    cause: error,
  });
});

describe('a file that its users do not share any more is refused for good', () => {
  const refused = async () => {
    file.clock.advance(1_000);
    const error = {
      code: 'BACKEND',
      message: expect.stringMatching(/deleted or replaced.*restart all its users/),
    };
    await expect(a.acquire(1)).rejects.toMatchObject(error);
    await expect(a.driver.listGroups()).rejects.toMatchObject(error);
  };

  test('deleted', async () => {
    await rm(file.path);
    await refused();
  });

  test('made anew by somebody else', async () => {
    for (const suffix of ['', '-wal', '-shm']) await rename(file.path + suffix, `${file.path}.old${suffix}`);
    const b = await file.client('b');
    await b.granted(1);
    await refused();
  });
});

test('closing leaves no timer, no handle and no file beside the one', async () => {
  const b = await file.client('b');
  await a.granted(1);
  await b.acquire(1);
  for (const client of [a, b]) await client.driver.close();
  expect(file.clock.timers).toBe(0);
  expect([existsSync(`${file.path}-wal`), existsSync(`${file.path}-shm`)]).toEqual([false, false]);
  const open = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  });
  expect(open.filter((path) => path.startsWith(file.path))).toEqual([]);
});
