import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/clock.js';
import { LOCK } from '../embedded/support/client.js';
import { type TestFile, testFile } from './support/file.js';

let file: TestFile;

beforeEach(async () => {
  file = await testFile();
});

test('a file that another holds is waited for without blocking the event loop', async () => {
  const a = await file.client('a', { clock: systemClock });
  const db = file.stranger();
  db.exec('BEGIN IMMEDIATE');
  let settled = false;
  const pending = a.granted(1).finally(() => {
    settled = true;
  });
  // A blocking wait would let none of these turns pass before it gives up.
  for (let i = 0; i < 1_000; i++) await turn();
  expect(settled).toBe(false);
  db.exec('COMMIT');
  expect(await pending).toBeGreaterThan(0);
});

test('readers do not wait for a writer', async () => {
  const a = await file.client('a');
  await a.join('g');
  const db = file.stranger();
  db.exec('BEGIN IMMEDIATE');
  expect(await a.members('g')).toEqual(['a']);
  expect(await a.driver.inspect(LOCK)).toMatchObject({ mode: null });
  db.exec('COMMIT');
});

test('the wait ends after timeoutMs, and nothing was done', async () => {
  const a = await file.client('a', { timeoutMs: 500 });
  const db = file.stranger();
  db.exec('BEGIN IMMEDIATE');
  const refused = expect(a.acquire(1)).rejects.toMatchObject({
    code: 'TIMED_OUT',
    retryable: true,
    message: expect.stringMatching(/acquire on .*coordination\.db, which others hold,.* within 500 ms/),
  });
  for (let ms = 0; ms < 600; ms += 10) await file.clock.advanceAsync(10);
  await refused;
  db.exec('COMMIT');
  expect(await a.driver.inspect(LOCK)).toMatchObject({ mode: null });
  expect(await a.acquire(2)).toMatchObject({ status: 'granted' });
});

test('opening a held file ends after timeoutMs as well', async () => {
  const a = await file.client('a');
  await a.driver.close();
  const db = file.stranger();
  db.exec('BEGIN IMMEDIATE');
  const refused = expect(file.client('b', { clock: systemClock, timeoutMs: 20 })).rejects.toMatchObject({
    code: 'CONNECTION',
    message: expect.stringMatching(/held by others for 20 ms \(timeoutMs\)/),
  });
  await refused;
  db.exec('COMMIT');
  const b = await file.client('b');
  expect(await b.driver.listGroups()).toEqual([]);
});
