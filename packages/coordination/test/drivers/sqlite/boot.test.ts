import { beforeEach, expect, test } from 'vitest';
import { defineSqliteDriver } from '../../../src/drivers/sqlite/index.js';
import { LOCK, leaderOf } from '../embedded/support/client.js';
import { type TestFile, testFile } from './support/file.js';

let file: TestFile;

beforeEach(async () => {
  file = await testFile();
});

const inBoot = (id: string, bootId: string | null) =>
  file.client(id, { definition: defineSqliteDriver(() => bootId) });

test('a reboot ends leases, beats and places in queues; groups and the counter stay', async () => {
  const a = await inBoot('a', 'first');
  await a.join('g');
  const fence = await a.granted(1);
  await a.granted(2, { lock: leaderOf('g') });
  await a.acquire(3);
  await a.driver.close();
  file.clock.jumpWall(-86_400_000);
  const b = await inBoot('b', 'second');
  expect(await b.driver.inspect(LOCK)).toEqual({ mode: null, holders: [], waiters: [] });
  expect(await b.driver.readGroups({ groups: ['g'], capabilities: false, self: 'b' })).toEqual([
    { members: [], leader: null },
  ]);
  expect(await b.granted(1)).toBeGreaterThan(fence + 1);
});

test('within a boot they stay', async () => {
  const a = await inBoot('a', 'first');
  await a.join('g');
  await a.granted(1);
  await a.driver.close();
  const b = await inBoot('b', 'first');
  expect(await b.members('g')).toEqual(['a']);
  expect(await b.acquire(1, { wait: false })).toEqual({ status: 'refused' });
});

test('where boots have no names, what lies further ahead than any lease can is of another boot', async () => {
  const a = await inBoot('a', null);
  await a.granted(1);
  await a.granted(2, { lock: leaderOf('g') });
  const db = file.stranger();
  db.exec("UPDATE lease SET expires_at = expires_at + 86400000 WHERE token = 'a.1'");
  const b = await inBoot('b', null);
  expect(await b.acquire(1, { wait: false })).toMatchObject({ status: 'granted' });
  expect(await b.acquire(2, { lock: leaderOf('g'), wait: false })).toEqual({ status: 'refused' });
});

test('a file that a second host takes is refused to the first, whose leases it has ended', async () => {
  const a = await inBoot('a', 'one host');
  await a.granted(1);
  const b = await inBoot('b', 'another host');
  file.clock.advance(1_000);
  await expect(a.beat({ leases: [a.ref(1)] })).rejects.toMatchObject({
    code: 'BACKEND',
    message: expect.stringMatching(/used by another host.*redis:/),
  });
  await expect(a.driver.inspect(LOCK)).rejects.toMatchObject({ code: 'BACKEND' });
  await b.granted(1);
});
