import { beforeEach, expect, test } from 'vitest';
import type { Client } from '../embedded/support/client.js';
import { type TestFile, testFile } from './support/file.js';

let file: TestFile;
let a: Client;

beforeEach(async () => {
  file = await testFile();
  a = await file.client('a', { groups: ['g'] });
});

const polled = async () => {
  await file.clock.advanceAsync(25);
  return a.hints();
};

/** Notices as another process would have written them. */
const write = (count: number) =>
  file.stranger().exec(
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
       INSERT INTO notice (origin, namespace, type, subject, at)
       SELECT 'other', namespace.id, 'group', CAST('g' AS BLOB), NULL FROM n, namespace`,
  );

test('what another process writes is heard at the next poll, at most 25 ms later', async () => {
  write(1);
  expect(await a.hints()).toEqual([]);
  expect(await polled()).toEqual([{ type: 'group', group: 'g' }]);
  expect(await polled()).toEqual([]);
});

test('after a notice the next is heard within 2 ms; a write that tells nothing makes nobody hurry', async () => {
  const soon = async () => {
    await file.clock.advanceAsync(2);
    return a.hints();
  };
  write(1);
  expect(await polled()).toEqual([{ type: 'group', group: 'g' }]);
  write(1);
  expect(await soon()).toEqual([{ type: 'group', group: 'g' }]);
  await file.clock.advanceAsync(100);
  file.stranger().exec('UPDATE namespace SET id = id');
  expect(await polled()).toEqual([]);
  await polled();
  write(1);
  expect(await soon()).toEqual([]);
  expect(await polled()).toEqual([{ type: 'group', group: 'g' }]);
});

test('what this process writes is heard at once, and not again at a poll', async () => {
  const b = await file.client('b');
  await b.join('g');
  expect(await a.hints()).toEqual([{ type: 'group', group: 'g' }]);
  expect(await polled()).toEqual([]);
  expect(await b.hints()).toEqual([{ type: 'group', group: 'g' }]);
});

test('of several notices of a group one is passed on', async () => {
  write(20);
  expect(await polled()).toEqual([{ type: 'group', group: 'g' }]);
});

test('who could not read for too long hears that it has to read everything', async () => {
  write(5_000);
  file.stranger().exec('DELETE FROM notice WHERE seq <= 4000');
  expect(await polled()).toEqual([{ type: 'reset' }]);
  write(1);
  expect(await polled()).toEqual([{ type: 'group', group: 'g' }]);
});

test('the log does not grow without end', async () => {
  for (let i = 0; i < 1_500; i++) {
    await a.join('g');
    await a.driver.leave({ groups: ['g'], member: 'a', final: true });
  }
  const rows = file.stranger().prepare('SELECT count(*) FROM notice').pluck().get();
  expect(rows).toBeLessThanOrEqual(1_100);
});

test('a client that is closed polls no more', async () => {
  expect(file.clock.timers).toBe(1);
  await a.driver.close();
  expect(file.clock.timers).toBe(0);
});
